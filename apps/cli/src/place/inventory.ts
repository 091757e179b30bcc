import { setTimeout as wait } from "node:timers/promises";
import type { ApplyAnswer, ApplyResult, AssetKind, Client } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { Document } from "@countersign/inventory";
import type { Session } from "../session.js";
import { clientOf } from "./server.js";

/** The inventory of a server, as importing needs it: patient where the server asks for fewer requests. */
export interface Inventory {
  client: Client;
  apply(documents: readonly Document[], dryRun: boolean): Promise<ApplyResult[]>;
  applyAll(documents: readonly Document[], dryRun: boolean): Promise<ApplyAnswer>;
  /** Every document that is in force, of one kind or of all. */
  documents(kind?: AssetKind): AsyncGenerator<Document>;
  get(kind: AssetKind, name: string): Promise<Document | undefined>;
  record(events: readonly object[]): Promise<{ recorded: number; repeated: number }>;
}

/** Undefined where no server was named. */
export function openInventory(session: Session): Inventory | undefined {
  const { global, io } = session;
  if (global.server === undefined || global.server === "") return undefined;
  const client = clientOf(session);
  const call = { signal: io.signal };
  const applyAll = (documents: readonly Document[], dryRun: boolean) =>
    patiently(io.signal, () => client.assets.apply({ documents: [...documents], dryRun }, call));
  return {
    client,
    applyAll,
    apply: async (documents, dryRun) => (await applyAll(documents, dryRun)).results,
    documents: (kind) => exported(client, io.signal, kind),
    get: async (kind, name) => {
      const { document } = await patiently(io.signal, () => client.assets.get(kind, name, call));
      return document === null ? undefined : (document as unknown as Document);
    },
    record: (events) => patiently(io.signal, () => client.lineage.record([...events], call)),
  };
}

/** For verbs that have no meaning without a server. */
export function requireInventory(session: Session): Inventory {
  const inventory = openInventory(session);
  if (inventory !== undefined) return inventory;
  throw new CountersignError("usage", "the inventory is kept by a server: say which", {
    detail: {
      remedy: "--server http://127.0.0.1:8420   (or export COUNTERSIGN_SERVER; countersign up starts one)",
    },
  });
}

async function* exported(client: Client, signal: AbortSignal, kind?: AssetKind): AsyncGenerator<Document> {
  let cursor: string | null | undefined;
  do {
    const at = { ...(kind === undefined ? {} : { kind }), ...(cursor ? { cursor } : {}) };
    const page = await patiently(signal, () => client.assets.export(at, { signal }));
    yield* page.items as unknown as Document[];
    cursor = page.nextCursor;
  } while (cursor);
}

const ATTEMPTS = 6;

async function patiently<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (cause) {
      const busy = (cause as { code?: unknown }).code === "rate-limited";
      if (!busy || attempt === ATTEMPTS) throw cause;
      await wait(500 * 2 ** attempt, undefined, { signal });
    }
  }
}

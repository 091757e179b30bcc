import { setTimeout as wait } from "node:timers/promises";
import { type ApplyResult, type AssetKind, type Client, createClient } from "@countersign/api";
import type { Document } from "@countersign/inventory";
import type { Session } from "../session.js";

/** The inventory of a server, as importing needs it: patient where the server asks for fewer requests. */
export interface Inventory {
  client: Client;
  apply(documents: readonly Document[], dryRun: boolean): Promise<ApplyResult[]>;
  get(kind: AssetKind, name: string): Promise<Document | undefined>;
  record(events: readonly object[]): Promise<{ recorded: number; repeated: number }>;
}

/** Undefined where no server was named. */
export function openInventory({ global, io }: Session): Inventory | undefined {
  const { server, token } = global;
  if (server === undefined || server === "") return undefined;
  const client = createClient({ baseUrl: server, ...(token === undefined ? {} : { token }) });
  const call = { signal: io.signal };
  return {
    client,
    apply: async (documents, dryRun) =>
      (await patiently(io.signal, () => client.assets.apply({ documents: [...documents], dryRun }, call)))
        .results,
    get: async (kind, name) => {
      const { document } = await patiently(io.signal, () => client.assets.get(kind, name, call));
      return document === null ? undefined : (document as unknown as Document);
    },
    record: (events) => patiently(io.signal, () => client.lineage.record([...events], call)),
  };
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

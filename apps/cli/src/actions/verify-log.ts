import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CountersignError, parsePublicKey } from "@countersign/evidence";
import {
  type Checkpoint,
  fileStore,
  formatVkey,
  type LogReader,
  openReader,
  parseVkey,
  type Store,
  verifierKeyOf,
} from "@countersign/log";
import { layoutOf, readPin } from "@countersign/workspace";
import { readCheckpoint } from "../checkpoint.js";
import { workspaceDirectory, workspaceExists } from "../place/directory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted, createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { green } from "../terminal/style.js";

interface Options {
  logVkey?: string;
  since?: string;
}

/** Reads the log as an outsider would: nothing of ours is believed but the key that the user pinned. */
export async function verifyLog(session: Session, options: Options): Promise<number> {
  const { store, vkey } = await source(session, options.logVkey);
  const { name: origin } = await parseVkey(vkey);
  const reader = await openReader({ store, origin, vkey });
  const seen =
    options.since === undefined ? undefined : readCheckpoint(resolve(session.io.cwd, options.since));
  if (seen) await requireExtends(reader, seen);
  await readAll(session, reader);
  const root = Buffer.from(reader.root).toString("base64");
  present(session.output, { ok: true, origin, size: reader.size, root, since: seen?.size ?? null }, () => {
    session.output.line(
      safe`${green("ok")}  ${origin}: ${counted(reader.size, "entry", "entries")} under a good signature`,
    );
    session.output.line(safe`  root  ${root}`);
    if (seen) session.output.line(safe`  extends the checkpoint of size ${seen.size}`);
  });
  return 0;
}

async function source(session: Session, given: string | undefined): Promise<{ store: Store; vkey: string }> {
  const { server } = session.global;
  if (server) {
    if (given !== undefined) return { store: httpStore(server, session.io.signal), vkey: given };
    throw new CountersignError("usage", "a server cannot vouch for itself: say which key you pinned", {
      detail: { remedy: "--log-vkey VKEY   (countersign status prints it; compare it on another channel)" },
    });
  }
  const directory = workspaceDirectory(session);
  if (!workspaceExists(session))
    throw new CountersignError("directory-missing", `there is no workspace at ${directory}`);
  const store = fileStore(layoutOf(directory).log);
  return { store, vkey: given ?? (await ownVkey(directory)) };
}

async function ownVkey(directory: string): Promise<string> {
  const { origin } = await readPin(directory);
  const publicKey = parsePublicKey(readFileSync(join(layoutOf(directory).keys, "log.pub"), "utf8"));
  const sign = (): Promise<never> => Promise.reject(new Error("checking signs nothing"));
  return formatVkey(await verifierKeyOf({ publicKey, sign }, origin));
}

/** The read endpoints of C2SP tlog-tiles, as a store that can only be read. */
function httpStore(server: string, signal: AbortSignal): Store {
  const base = `${server.replace(/\/$/, "")}/log`;
  const refuse = async (): Promise<never> => {
    throw new CountersignError("log-unavailable", "this log can only be read from here");
  };
  return {
    putIfAbsent: refuse,
    putIfMatch: refuse,
    get: async (path) => {
      const response = await fetch(`${base}/${path}`, { signal }).catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new CountersignError("server-unreachable", `${base} cannot be reached`, { cause });
      });
      if (response.status === 404) return undefined;
      if (!response.ok)
        throw new CountersignError("log-unavailable", `${base}/${path} answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

async function requireExtends(reader: LogReader, seen: Checkpoint): Promise<void> {
  if (seen.origin !== reader.origin) {
    throw new CountersignError("usage", `that checkpoint is of another log: ${seen.origin}`);
  }
  if (seen.size > reader.size) {
    throw new CountersignError(
      "log-truncated",
      `the log has ${reader.size} entries, but it had ${seen.size} before`,
    );
  }
  if (seen.size > 0 && !Buffer.from(await reader.rootAt(seen.size)).equals(Buffer.from(seen.root))) {
    throw new CountersignError(
      "log-forked",
      `the log's first ${seen.size} entries are not the ones seen before`,
    );
  }
}

async function readAll(session: Session, reader: LogReader): Promise<void> {
  const progress = createProgress(session.io, session.output.live);
  try {
    for await (const { index } of reader.entries(0, reader.size)) {
      if (index % 256 !== 0) continue;
      session.io.signal.throwIfAborted();
      progress.update("checking", index, reader.size, "entries");
    }
  } finally {
    progress.finish();
  }
}

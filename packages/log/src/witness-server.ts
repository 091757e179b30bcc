import type { Signer } from "@countersign/evidence";
import { decodeUtf8, encodeHex, encodeUtf8, equalBytes, parseDecimal } from "./bytes.js";
import { type Checkpoint, openCheckpoint, parseCheckpoint } from "./checkpoint.js";
import { fault } from "./faults.js";
import { EMPTY_ROOT, primitives, sha256, verifyConsistency } from "./hash.js";
import { parseVkey, verifierKeyOf } from "./keys.js";
import {
  cosignedMessage,
  ED25519_COSIGNATURE,
  encodeCosignature,
  formatSignatureLine,
  formatVkey,
  parseNote,
  type VerifierKey,
} from "./note.js";
import { parseHashes } from "./receipt.js";
import type { Store } from "./store.js";

export interface WitnessRequest {
  readonly method: string;
  /** Below the witness's prefix, as `/add-checkpoint`. */
  readonly path: string;
  readonly body: Uint8Array;
}

export interface WitnessReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface WitnessOptions {
  readonly name: string;
  /** An Ed25519 key that signs nothing else. */
  readonly signer: Signer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Keeps the newest checkpoint of each log. */
  readonly store: Store;
  /** The logs that are witnessed, each with its verifier keys. */
  readonly logs: readonly { readonly origin: string; readonly vkeys: readonly string[] }[];
}

export interface WitnessServer {
  readonly verifierKey: string;
  /** The protocol without a server: C2SP tlog-witness `add-checkpoint`, and the checkpoint for monitors. */
  handle(request: WitnessRequest): Promise<WitnessReply>;
}

const MAX_BODY = 256 * 1024;

export async function witnessServer(options: WitnessOptions): Promise<WitnessServer> {
  const key = await verifierKeyOf(options.signer, options.name, ED25519_COSIGNATURE);
  const logs = new Map<string, WitnessedLog>();
  for (const { origin, vkeys } of options.logs) {
    logs.set(origin, new WitnessedLog(origin, await Promise.all(vkeys.map(parseVkey)), key, options));
  }
  const byPath = new Map([...logs].map(([origin, log]) => [`/${originHash(origin)}/checkpoint`, log]));
  return {
    verifierKey: formatVkey(key),
    async handle({ method, path, body }) {
      if (path === "/add-checkpoint") {
        return method === "POST" ? addCheckpoint(logs, body) : reply(405, "POST a checkpoint here");
      }
      const known = await byPath.get(path)?.newest();
      if (!known) return reply(404, "there is nothing here");
      return method === "GET" ? reply(200, known.note) : reply(405, "this can be read only");
    },
  };
}

function originHash(origin: string): string {
  return encodeHex(sha256(encodeUtf8(origin)));
}

function reply(
  status: number,
  body: string | Uint8Array,
  contentType = "text/plain; charset=utf-8",
): WitnessReply {
  return { status, contentType, body: typeof body === "string" ? encodeUtf8(`${body}\n`) : body };
}

interface Submission {
  readonly old: number;
  readonly proof: readonly Uint8Array[];
  readonly note: Uint8Array;
}

function parseSubmission(body: Uint8Array): Submission | undefined {
  const text = body.length > MAX_BODY ? undefined : decodeUtf8(body);
  const split = text?.indexOf("\n\n") ?? -1;
  if (text === undefined || split < 0) return undefined;
  const [first, ...lines] = text.slice(0, split).split("\n");
  const old = first?.startsWith("old ") ? parseDecimal(first.slice(4)) : undefined;
  const proof = parseHashes(lines);
  return old === undefined || !proof ? undefined : { old, proof, note: encodeUtf8(text.slice(split + 2)) };
}

async function addCheckpoint(
  logs: ReadonlyMap<string, WitnessedLog>,
  body: Uint8Array,
): Promise<WitnessReply> {
  const submission = parseSubmission(body);
  const note = submission ? parseNote(submission.note) : undefined;
  const checkpoint = note && "text" in note ? parseCheckpoint(note.text) : undefined;
  if (!submission || !checkpoint) return reply(400, "the request is malformed");
  const log = logs.get(checkpoint.origin);
  return log ? log.submit(submission) : reply(404, "this log is not witnessed here");
}

interface Known {
  readonly checkpoint: Checkpoint;
  readonly note: Uint8Array;
}

class WitnessedLog {
  readonly #origin: string;
  readonly #keys: readonly VerifierKey[];
  readonly #own: VerifierKey;
  readonly #options: WitnessOptions;
  readonly #path: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(origin: string, keys: readonly VerifierKey[], own: VerifierKey, options: WitnessOptions) {
    this.#origin = origin;
    this.#keys = keys;
    this.#own = own;
    this.#options = options;
    this.#path = `witness/${originHash(origin)}`;
  }

  /** One at a time: comparing with the newest size and keeping the new one must not be parted (C2SP tlog-witness). */
  submit(submission: Submission): Promise<WitnessReply> {
    const turn = this.#turn.then(() => this.#submit(submission));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #submit({ old, proof, note }: Submission): Promise<WitnessReply> {
    const opened = await openCheckpoint(note, this.#origin, this.#keys, primitives);
    if (!opened.ok) return reply(403, opened.reason);
    const { checkpoint, text, signatures } = opened;
    if (old > checkpoint.size) return reply(400, "the old size is larger than the checkpoint's");
    const known = await this.newest();
    const size = known?.checkpoint.size ?? 0;
    if (old !== size) return reply(409, String(size), "text/x.tlog.size");
    if (!isConsistent(known?.checkpoint, checkpoint, proof)) return reply(422, "the proof does not hold");
    const line = await this.#cosign(text);
    const trusted = signatures.map(({ key }) => key);
    const parsed = parseNote(note);
    const own =
      "ok" in parsed
        ? []
        : parsed.signatures.filter(({ name, id }) =>
            trusted.some((key) => key.name === name && key.id === id),
          );
    const lines = own.map(({ name, id, signature }) => formatSignatureLine({ name, id }, signature));
    const kept = encodeUtf8(`${text}\n${lines.join("")}${line}`);
    if (!(await this.#options.store.putIfMatch(this.#path, kept, known?.note))) {
      throw fault("conflict", `another witness process keeps the checkpoint of ${this.#origin}`);
    }
    return reply(200, encodeUtf8(line));
  }

  async #cosign(text: string): Promise<string> {
    const time = Math.floor(this.#options.clock() / 1000);
    const signature = await this.#options.signer.sign(cosignedMessage(time, text), "cosignature");
    return formatSignatureLine(this.#own, encodeCosignature(time, signature));
  }

  /** The newest checkpoint that was cosigned, which our own cosignature protects. */
  async newest(): Promise<Known | undefined> {
    const note = await this.#options.store.get(this.#path);
    if (!note) return undefined;
    const opened = await openCheckpoint(note, this.#origin, [...this.#keys, this.#own], primitives);
    if (!opened.ok || !opened.signatures.some(({ key }) => key === this.#own)) {
      throw fault("log-tampered", `what this witness keeps about ${this.#origin} is damaged`, {
        path: this.#path,
      });
    }
    return { checkpoint: opened.checkpoint, note };
  }
}

function isConsistent(
  known: Checkpoint | undefined,
  next: Checkpoint,
  proof: readonly Uint8Array[],
): boolean {
  if (next.size === 0 && !equalBytes(next.root, EMPTY_ROOT)) return false;
  if (!known || known.size === 0) return proof.length === 0;
  return verifyConsistency(known.size, next.size, proof, known.root, next.root);
}

import { decodeUtf8, encodeBase64, encodeUtf8, parseDecimal } from "./bytes.js";
import { fault } from "./faults.js";
import { primitives } from "./hash.js";
import { parseVkey } from "./keys.js";
import { ED25519_COSIGNATURE, formatSignatureLine, parseNote, type VerifierKey, verifyNote } from "./note.js";

/** A witness as the log reaches it: one POST of C2SP tlog-witness `add-checkpoint`. */
export interface Witness {
  /** Its cosignature verifier key (type 04). */
  readonly vkey: string;
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
}

export interface WitnessAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface WitnessStatus {
  readonly name: string;
  readonly reachable: boolean;
  /** The size of the newest checkpoint that it cosigned for us. */
  readonly size: number;
  /** Why the newest attempt failed. */
  readonly problem?: string;
}

const TIMEOUT_MS = 5_000;
const MAX_ANSWER = 64 * 1024;

/** A witness at a submission prefix. */
export function httpWitness(prefix: string, vkey: string, timeoutMs: number = TIMEOUT_MS): Witness {
  const url = `${prefix.replace(/\/+$/, "")}/add-checkpoint`;
  return {
    vkey,
    async addCheckpoint(body) {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, {
        method: "POST",
        body: new Uint8Array(body),
        signal,
        redirect: "error",
      });
      return { status: response.status, body: await readLimited(response) };
    },
  };
}

/** A witness answers a few lines; one that sends without end is cut off. */
async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function openWitness(witness: Witness): Promise<WitnessClient> {
  const key = await parseVkey(witness.vkey);
  if (key.type !== ED25519_COSIGNATURE) {
    throw fault(
      "key-unsupported",
      `the key of the witness ${key.name} is not one for cosignatures (type 04)`,
    );
  }
  return new WitnessClient(witness, key);
}

type Proof = (from: number) => Promise<Uint8Array[]>;

/** Gets cosignatures from one witness, and remembers what it has seen. */
export class WitnessClient {
  readonly key: VerifierKey;
  readonly #witness: Witness;
  #status: WitnessStatus;

  constructor(witness: Witness, key: VerifierKey) {
    this.#witness = witness;
    this.key = key;
    this.#status = { name: key.name, reachable: true, size: 0 };
  }

  get status(): WitnessStatus {
    return this.#status;
  }

  /**
   * The signature line for a checkpoint, or nothing when the witness cannot be had. Throws when it has seen a history that ours
   * does not continue: it is the memory that nobody with access to our disk can edit.
   */
  async cosign(note: Uint8Array, size: number, proof: Proof): Promise<string> {
    try {
      const line = await this.#submit(note, size, proof);
      this.#status = { name: this.key.name, reachable: true, size };
      return line;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#status = { ...this.#status, reachable: false, problem };
      if (error instanceof Contradiction) throw error.fault;
      return "";
    }
  }

  async #submit(note: Uint8Array, size: number, proof: Proof): Promise<string> {
    let old = this.#status.size;
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await this.#witness.addCheckpoint(await formatRequest(old, note, proof));
      if (answer.status === 200) return this.#readCosignature(note, answer.body);
      if (answer.status !== 409) throw this.#refusal(answer, old, size);
      old = this.#readSize(answer.body, size);
    }
    throw new Error(`the witness ${this.key.name} changes its mind about what it has seen`);
  }

  /** 409 says what the witness has cosigned. More than we have means that our newest entries are gone. */
  #readSize(body: Uint8Array, size: number): number {
    const known = parseDecimal(decodeUtf8(body)?.trim());
    if (known === undefined) throw new Error(`the witness ${this.key.name} answers 409 without a size`);
    if (known <= size) return known;
    throw new Contradiction(
      fault(
        "log-rolled-back",
        `the witness ${this.key.name} has seen ${known} entries, but the log has only ${size}: its newest entries were ` +
          "removed. Restore them, or begin a log with a new origin",
        { witness: this.key.name, known, size },
      ),
    );
  }

  #refusal(answer: WitnessAnswer, old: number, size: number): Error {
    const said = decodeUtf8(answer.body.subarray(0, 200))?.trim() ?? "";
    if (answer.status !== 422)
      return new Error(`the witness ${this.key.name} answers ${answer.status}: ${said}`);
    return new Contradiction(
      fault(
        "log-forked",
        `the witness ${this.key.name} has seen another history of ${old} entries than the log's`,
        {
          witness: this.key.name,
          old,
          size,
        },
      ),
    );
  }

  /** Only this witness's own line is taken over, and only if it is good. */
  async #readCosignature(note: Uint8Array, body: Uint8Array): Promise<string> {
    const signed = parseNote(note);
    const answered = parseNote(Buffer.concat([encodeUtf8("cosignatures\n\n"), body]));
    if ("ok" in signed || "ok" in answered)
      throw new Error(`the witness ${this.key.name} answers no signature lines`);
    const own = answered.signatures
      .filter(({ name, id }) => name === this.key.name && id === this.key.id)
      .slice(0, 1);
    const verified = await verifyNote({ text: signed.text, signatures: own }, [this.key], primitives);
    const [line] = own;
    if (!verified.ok || !line) throw new Error(`the cosignature of ${this.key.name} is not good`);
    return formatSignatureLine(this.key, line.signature);
  }
}

class Contradiction extends Error {
  readonly fault: Error;

  constructor(cause: Error) {
    super(cause.message, { cause });
    this.fault = cause;
  }
}

async function formatRequest(old: number, note: Uint8Array, proof: Proof): Promise<Uint8Array> {
  const hashes = old === 0 ? [] : await proof(old);
  const lines = [`old ${old}`, ...hashes.map(encodeBase64), "", ""].join("\n");
  return Buffer.concat([encodeUtf8(lines), note]);
}

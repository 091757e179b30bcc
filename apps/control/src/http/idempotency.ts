import { createHash } from "node:crypto";
import { CountersignError } from "@countersign/evidence";
import { and, eq, lt } from "drizzle-orm";
import { type Seals, sameSeal } from "../auth/seals.js";
import type { Db } from "../database/open.js";
import { idempotency } from "../database/schema.js";

export interface Keyed {
  workspace: string;
  principal: string;
  key: string;
  /** Digest of method, path and body. */
  request: string;
}

export interface Answer {
  status: number;
  body: unknown;
}

const KEPT_MS = 24 * 3_600_000;
const KEY = /^[\x21-\x7e]{1,128}$/;

export function checkKey(key: string): string {
  if (KEY.test(key)) return key;
  throw new CountersignError("bad-request", "an Idempotency-Key has 1 to 128 visible ASCII characters");
}

export function requestDigest(method: string, path: string, body: Uint8Array | string): string {
  return createHash("sha256").update(`${method} ${path}\n`).update(body).digest("hex");
}

/** Runs a request once per key, and answers every repetition with what the first one was answered. */
export class Idempotency {
  readonly #db: Db;
  readonly #clock: () => number;
  readonly #owner: string;
  readonly #seals: Seals;
  readonly #running = new Map<string, Promise<Answer>>();

  /** `owner` names this run of the server: a claim of another one was left by a kill. */
  constructor(db: Db, clock: () => number, owner: string, seals: Seals) {
    this.#seals = seals;
    this.#db = db;
    this.#clock = clock;
    this.#owner = owner;
  }

  async run(keyed: Keyed, work: () => Promise<Answer>): Promise<Answer & { repeated: boolean }> {
    const name = JSON.stringify([keyed.workspace, keyed.principal, keyed.key]);
    const earlier = this.#running.get(name);
    if (earlier) {
      await earlier.catch(() => undefined);
      return this.run(keyed, work);
    }
    let repeated = false;
    const answer = this.#claimAndRun(keyed, work, () => {
      repeated = true;
    });
    this.#running.set(name, answer);
    try {
      return { ...(await answer), repeated };
    } finally {
      this.#running.delete(name);
    }
  }

  async sweep(): Promise<void> {
    await this.#db.delete(idempotency).where(lt(idempotency.at, this.#clock() - KEPT_MS));
  }

  async #claimAndRun(keyed: Keyed, work: () => Promise<Answer>, onRepeat: () => void): Promise<Answer> {
    const known = await this.#claim(keyed);
    if (known) {
      onRepeat();
      return known;
    }
    try {
      const answer = await work();
      const at = this.#clock();
      const seal = this.#sealOf(keyed, answer, at);
      await this.#db
        .update(idempotency)
        .set({ ...answer, at, seal })
        .where(this.#is(keyed));
      return answer;
    } catch (error) {
      // Nothing was done: the same key may try again.
      await this.#db.delete(idempotency).where(this.#is(keyed));
      throw error;
    }
  }

  async #claim(keyed: Keyed): Promise<Answer | undefined> {
    const row = { ...keyed, status: 0, owner: this.#owner, at: this.#clock() };
    const made = await this.#db.insert(idempotency).values(row).onConflictDoNothing().returning();
    if (made.length > 0) return undefined;
    const [known] = await this.#db.select().from(idempotency).where(this.#is(keyed));
    if (!known) return this.#claim(keyed);
    if (known.request !== keyed.request) {
      throw new CountersignError("idempotency-conflict", `the key ${keyed.key} was used for another request`);
    }
    if (known.status !== 0) return this.#remembered(keyed, known);
    await this.#db.update(idempotency).set({ owner: this.#owner, at: this.#clock() }).where(this.#is(keyed));
    return undefined;
  }

  /** An answer that this server did not give, or gave too long ago, is none. */
  #remembered(keyed: Keyed, { status, body, at, seal }: typeof idempotency.$inferSelect): Answer {
    const fresh = at > this.#clock() - KEPT_MS;
    if (fresh && sameSeal(seal, this.#sealOf(keyed, { status, body }, at))) return { status, body };
    throw new CountersignError(
      "projection-mismatch",
      "the answer remembered for this Idempotency-Key was changed",
    );
  }

  #sealOf({ workspace, principal, key, request }: Keyed, { status, body }: Answer, at: number): string {
    return this.#seals.make("idempotency", workspace, principal, key, request, status, body ?? null, at);
  }

  #is({ workspace, principal, key }: Keyed): ReturnType<typeof and> {
    return and(
      eq(idempotency.workspace, workspace),
      eq(idempotency.principal, principal),
      eq(idempotency.key, key),
    );
  }
}

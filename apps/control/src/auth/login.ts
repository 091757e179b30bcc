import { randomBytes } from "node:crypto";
import { hashSecret } from "./secret.js";

const LIFETIME_MS = 10 * 60_000;

/** One-time codes that `up` prints. They live in memory alone: a restart prints a new one. */
export class LoginCodes {
  readonly #codes = new Map<string, number>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  create(lifetimeMs: number = LIFETIME_MS): string {
    const code = randomBytes(24).toString("base64url");
    this.#codes.set(hashSecret(code), this.#clock() + lifetimeMs);
    return code;
  }

  /** True once for each code. */
  redeem(code: string): boolean {
    const hash = hashSecret(code);
    const until = this.#codes.get(hash);
    this.#codes.delete(hash);
    return until !== undefined && until > this.#clock();
  }
}

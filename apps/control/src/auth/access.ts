import { randomUUID } from "node:crypto";
import type { NewToken, Scope, Token } from "@countersign/api";
import { and, desc, eq, lt } from "drizzle-orm";
import type { Db } from "../database/open.js";
import { principals, sessions, tokens } from "../database/schema.js";
import { type Seals, sameSeal } from "./seals.js";
import { hashSecret, newSecret, secretWorkspace } from "./secret.js";

/** Who makes a request, and what they may do. Roles and second factors will come here; policy sees the principal. */
export interface Caller {
  principal: string;
  scope: Scope;
  workspace: string;
  via: "token" | "session";
  expiresAt: number;
}

type Sealed = Pick<Caller, "workspace" | "principal" | "expiresAt"> & { hash: string; scope: string };

const TOKEN = "cst";
const SESSION = "css";
const SESSION_MS = 12 * 3_600_000;
const DAY_MS = 86_400_000;
/** `last_used_at` is for people: writing it on every request would cost more than the request. */
const USED_STEP_MS = 60_000;

export class Access {
  readonly #db: Db;
  readonly #clock: () => number;
  readonly #seals: Seals;

  constructor(db: Db, clock: () => number, seals: Seals) {
    this.#db = db;
    this.#clock = clock;
    this.#seals = seals;
  }

  async startSession(
    workspace: string,
    principal: string,
    scope: Scope,
  ): Promise<{ secret: string; caller: Caller }> {
    const secret = newSecret(SESSION, workspace);
    const expiresAt = this.#clock() + SESSION_MS;
    await this.#know(workspace, principal, "person");
    await this.#db.delete(sessions).where(lt(sessions.expiresAt, this.#clock()));
    const row = { workspace, hash: hashSecret(secret), principal, scope, expiresAt };
    await this.#db.insert(sessions).values({ ...row, seal: this.#sealOf("session", row) });
    return { secret, caller: { principal, scope, workspace, via: "session", expiresAt } };
  }

  async bySession(secret: string): Promise<Caller | undefined> {
    const workspace = secretWorkspace(SESSION, secret);
    if (workspace === undefined) return undefined;
    const [row] = await this.#db
      .select()
      .from(sessions)
      .where(and(eq(sessions.workspace, workspace), eq(sessions.hash, hashSecret(secret))));
    if (!row || row.expiresAt <= this.#clock() || !sameSeal(row.seal, this.#sealOf("session", row)))
      return undefined;
    const { principal, scope, expiresAt } = row;
    return { principal, scope: scope as Scope, workspace, via: "session", expiresAt };
  }

  async endSession(secret: string): Promise<void> {
    const workspace = secretWorkspace(SESSION, secret);
    if (workspace === undefined) return;
    await this.#db
      .delete(sessions)
      .where(and(eq(sessions.workspace, workspace), eq(sessions.hash, hashSecret(secret))));
  }

  async createToken(input: {
    workspace: string;
    label: string;
    principal: string;
    scope: Scope;
    days: number;
  }): Promise<NewToken> {
    const { workspace, label, principal, scope, days } = input;
    const token = newSecret(TOKEN, workspace);
    const createdAt = this.#clock();
    const row = {
      workspace,
      id: randomUUID(),
      label,
      principal,
      scope,
      createdAt,
      expiresAt: createdAt + days * DAY_MS,
    };
    await this.#know(workspace, principal, "machine");
    const kept = { ...row, hash: hashSecret(token) };
    await this.#db.insert(tokens).values({ ...kept, seal: this.#sealOf("token", kept) });
    return { ...row, lastUsedAt: null, token };
  }

  async byToken(token: string): Promise<Caller | undefined> {
    const workspace = secretWorkspace(TOKEN, token);
    if (workspace === undefined) return undefined;
    const [row] = await this.#db
      .select()
      .from(tokens)
      .where(and(eq(tokens.workspace, workspace), eq(tokens.hash, hashSecret(token))));
    if (!row || row.expiresAt <= this.#clock() || !sameSeal(row.seal, this.#sealOf("token", row)))
      return undefined;
    await this.#noteUse(row);
    const { principal, scope, expiresAt } = row;
    return { principal, scope: scope as Scope, workspace, via: "token", expiresAt };
  }

  async tokens(workspace: string): Promise<Token[]> {
    const rows = await this.#db
      .select()
      .from(tokens)
      .where(eq(tokens.workspace, workspace))
      .orderBy(desc(tokens.createdAt));
    return rows.map(({ hash: _hash, seal: _seal, ...row }) => ({ ...row, scope: row.scope as Scope }));
  }

  async deleteToken(workspace: string, id: string): Promise<boolean> {
    const rows = await this.#db
      .delete(tokens)
      .where(and(eq(tokens.workspace, workspace), eq(tokens.id, id)))
      .returning({ id: tokens.id });
    return rows.length > 0;
  }

  #sealOf(kind: "session" | "token", row: Sealed): string {
    const { workspace, hash, principal, scope, expiresAt } = row;
    return this.#seals.make(kind, workspace, hash, principal, scope, expiresAt);
  }

  async #noteUse(row: typeof tokens.$inferSelect): Promise<void> {
    const now = this.#clock();
    if (row.lastUsedAt !== null && now - row.lastUsedAt < USED_STEP_MS) return;
    await this.#db
      .update(tokens)
      .set({ lastUsedAt: now })
      .where(and(eq(tokens.workspace, row.workspace), eq(tokens.id, row.id)));
  }

  async #know(workspace: string, id: string, kind: "person" | "machine"): Promise<void> {
    const row = { workspace, id, kind, name: id, createdAt: this.#clock() };
    await this.#db.insert(principals).values(row).onConflictDoNothing();
  }
}

import { type Static, Type } from "typebox";
import { Millis, WorkspaceId } from "./common.js";

export const Scope = Type.Enum(["read", "write", "admin"]);
export type Scope = Static<typeof Scope>;

export const LoginBody = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
);
export type LoginBody = Static<typeof LoginBody>;

export const Session = Type.Object({
  principal: Type.String(),
  scope: Scope,
  workspaces: Type.Array(Type.String()),
  expiresAt: Millis,
});
export type Session = Static<typeof Session>;

export const Token = Type.Object({
  id: Type.String(),
  label: Type.String(),
  principal: Type.String(),
  scope: Scope,
  workspace: Type.String(),
  createdAt: Millis,
  expiresAt: Millis,
  lastUsedAt: Type.Union([Millis, Type.Null()]),
});
export type Token = Static<typeof Token>;

/** `token` is shown once: the server keeps only its hash. */
export const NewToken = Type.Object({ ...Token.properties, token: Type.String() });
export type NewToken = Static<typeof NewToken>;

export const TokenBody = Type.Object(
  {
    label: Type.String({ minLength: 1, maxLength: 128 }),
    scope: Scope,
    principal: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    workspace: Type.Optional(WorkspaceId),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  },
  { additionalProperties: false },
);
export type TokenBody = Static<typeof TokenBody>;

export const TokenList = Type.Object({ items: Type.Array(Token) });
export const TokenParams = Type.Object({ id: Type.String({ format: "uuid" }) });

export const Readiness = Type.Object({
  ready: Type.Boolean(),
  version: Type.String(),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});
export type Readiness = Static<typeof Readiness>;

import { type Static, type TSchema, Type } from "typebox";

export const Digest = Type.Unsafe<`sha256:${string}`>(
  Type.String({
    pattern: "^sha256:[0-9a-f]{64}$",
    description: "SHA-256 of the exact bytes, lower-case hex",
  }),
);

/** The last moment that a Date can name. */
export const LAST_MILLIS = 8_640_000_000_000_000;

export const Millis = Type.Integer({
  minimum: 0,
  maximum: LAST_MILLIS,
  description: "milliseconds since 1970-01-01T00:00:00Z",
});

export const WorkspaceId = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" });
export const WorkspaceParams = Type.Object({ workspace: WorkspaceId });

/** A digest, or the name of an asset (its newest version). */
export const Subject = Type.String({ minLength: 1, maxLength: 512 });

export const Base64 = Type.String({ maxLength: 4_194_304, contentEncoding: "base64" });

export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 256, description: "`nextCursor` of the page before" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type PageQuery = Static<typeof PageQuery>;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export function page<S extends TSchema>(item: S) {
  return Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });
}

export function nullable<S extends TSchema>(schema: S) {
  return Type.Union([schema, Type.Null()]);
}

/** RFC 9457, with a code that programs read, and what a person can do about it. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  requestId: Type.String(),
  remedy: Type.Optional(Type.String()),
  parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Problem = Static<typeof Problem>;

/** Principals, roles and environments are open sets: policy decides what they mean. */
export const Gate = Type.Enum(["ingest", "train", "promote", "deploy", "invoke", "export"]);
export type Gate = Static<typeof Gate>;

export const Environment = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" });

/** Letters, digits and a few signs; the same rule as on the command line. */
export const AssetName = Type.String({ pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N}._@/+-]{0,127}$" });

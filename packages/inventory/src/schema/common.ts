import type { AssetKind } from "@countersign/facts";
import { ASSET_KINDS } from "@countersign/facts";
import { type Static, Type } from "typebox";

const NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}._@/+-]{0,127}";
const closed = { additionalProperties: false } as const;

const Name = Type.String({
  pattern: `^${NAME}$`,
  description:
    "Letters, digits and . _ @ / + - (at most 128), not starting with a sign; unique within its kind",
});

/** A reference to an asset of one kind: its name, with or without `Kind:` before it. */
export const ref = (kind: AssetKind) =>
  Type.String({ pattern: `^(${kind}:)?${NAME}$`, description: `The name of a ${kind}` });

export const refs = (kind: AssetKind) => Type.Array(ref(kind), { maxItems: 1_000, uniqueItems: true });

/** One reference or several: what most have one of. */
export const refOrRefs = (kind: AssetKind) =>
  Type.Union([ref(kind), Type.Array(ref(kind), { minItems: 1, maxItems: 64, uniqueItems: true })], {
    description: `The name of a ${kind}, or a list of names`,
  });

/** References to assets of any kind, which they must name: `Dataset:credit-applications`. */
export const anyRefs = Type.Array(
  Type.String({
    pattern: `^(${ASSET_KINDS.join("|")}):${NAME}$`,
    description: "An asset as Kind:name, such as Dataset:credit-applications",
  }),
  { maxItems: 1_000, uniqueItems: true },
);

export const text = (description: string, maxLength: number = 1_024) =>
  Type.String({ minLength: 1, maxLength, description });

export const texts = (description: string, maxItems: number = 256) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems, uniqueItems: true, description });

export const day = (description: string) =>
  Type.String({
    pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    description: `${description} (YYYY-MM-DD)`,
  });

/** What begins and ends: `until` is the first day on which it no longer holds. */
export const period = {
  from: Type.Optional(day("The first day on which this holds")),
  until: Type.Optional(day("The first day on which this no longer holds")),
};

export const Region = Type.String({
  pattern: "^[A-Za-z][A-Za-z0-9-]{0,31}$",
  description: "A country (ISO 3166, such as DE), a union (EU) or a cloud region (eu-central-1)",
});
export const regions = (description: string) =>
  Type.Array(Region, { maxItems: 256, uniqueItems: true, description });

export const Sha256 = Type.String({
  pattern: "^sha256:[0-9a-f]{64}$",
  description: "SHA-256 as sha256: and 64 lower-case hexadecimal digits",
});

export const Environment = Type.String({
  pattern: "^[a-z0-9][a-z0-9-]{0,62}$",
  description: "dev, staging, production or a name of your own; unknown names are treated as production",
});

export const Lifecycle = Type.Enum(["experimental", "production", "deprecated", "retired"], {
  description: "How far along it is",
});

export const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P, description?: string) =>
  Type.Object(properties, description === undefined ? closed : { ...closed, description });

/** What policy reads of an asset: on apply they are declared on each of its versions. */
export const Tags = object(
  {
    sensitivity: Type.Optional(
      Type.Enum(["public", "internal", "confidential", "restricted"], {
        description: "Who may see it at most",
      }),
    ),
    personalData: Type.Optional(
      Type.Boolean({ description: "Whether it holds or was made from personal data" }),
    ),
    exportClass: Type.Optional(text("Export control class, such as EAR99 or 4E091", 64)),
    licence: Type.Optional(text("SPDX licence expression, such as Apache-2.0", 256)),
    residency: Type.Optional(regions("Where it may be stored and processed")),
    jurisdiction: Type.Optional({ ...Region, description: "Jurisdiction of origin, such as US or EU" }),
    owner: Type.Optional(text("Who answers for it: a team or a principal's id", 128)),
    tier: Type.Optional(text("How much depends on it, such as tier-1", 32)),
  },
  "What policy reads",
);
export type Tags = Static<typeof Tags>;

export const Metadata = object({
  name: Name,
  title: Type.Optional(text("What people call it", 256)),
  description: Type.Optional(text("What it is for", 8_192)),
  owner: Type.Optional(text("Who answers for it: a team or a principal's id, no personal name", 128)),
  labels: Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$" }),
      Type.String({ maxLength: 256 }),
      { maxProperties: 64, additionalProperties: false, description: "Your own words to search by" },
    ),
  ),
  tags: Type.Optional(Tags),
});
export type Metadata = Static<typeof Metadata>;

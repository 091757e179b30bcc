import type { ColumnProfile, Profile } from "./profile/types.js";

/** An object as it was when it was read. */
export interface PinnedObject {
  name: string;
  key: string;
  etag: string;
  size: number;
  versionId?: string;
}

/** Where the bytes of a version are. */
export type Place =
  | { kind: "kept" }
  | { kind: "dropped" }
  | { kind: "path"; path: string }
  | { kind: "s3"; uri: string; objects: PinnedObject[] };

/** What a profile statement says about a version of a dataset, beyond the rows and columns of its largest table. */
export interface DatasetPredicate {
  rows: number;
  columns: ColumnProfile[];
  dataset: string;
  nonce: string;
  profile?: Profile;
  place?: Place;
  /** Digests by which MLflow clients name these bytes. */
  mlflowDigests?: string[];
  /** The version that this one was made from. */
  derivedFrom?: string;
  /** The bytes of this version were removed from here. */
  removal?: Removal;
}

export interface Removal {
  reason: "subject" | "retention";
  /** Keyed hash of the reference to the data subject: who holds the key can show whose rows went, nobody else. */
  reference?: string;
  rows: number;
  /** The version without those rows. */
  replacedBy?: string;
  principal: string;
}

/** The largest table stands for the dataset. */
export function largest(profile: Profile): { rows: number; columns: ColumnProfile[] } {
  const [first] = [...profile.tables].sort((a, b) => b.rows - a.rows);
  return { rows: profile.rows, columns: first?.columns ?? [] };
}

export const MLFLOW_DIGEST: RegExp = /^[\w.:+/=-]{1,100}$/;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a statement that another version of this program may have made: what is not as expected is left out. */
export function readPredicate(value: unknown): DatasetPredicate | undefined {
  if (!isRecord(value) || typeof value.dataset !== "string" || typeof value.rows !== "number")
    return undefined;
  const digests = Array.isArray(value.mlflowDigests) ? value.mlflowDigests : [];
  const mlflowDigests = digests.filter((text): text is string => typeof text === "string");
  const { derivedFrom } = value;
  return {
    rows: value.rows,
    columns: Array.isArray(value.columns) ? (value.columns as ColumnProfile[]) : [],
    dataset: value.dataset,
    nonce: typeof value.nonce === "string" ? value.nonce : "",
    ...(isRecord(value.profile) ? { profile: value.profile as unknown as Profile } : {}),
    ...(isRecord(value.place) ? { place: value.place as Place } : {}),
    ...(mlflowDigests.length > 0 ? { mlflowDigests } : {}),
    ...(typeof derivedFrom === "string" ? { derivedFrom } : {}),
    ...(isRecord(value.removal) ? { removal: value.removal as unknown as Removal } : {}),
  };
}

/** What a Dataset document says about how its versions are treated. */
export interface DatasetSettings {
  /** The column that refers to a data subject. */
  subjectColumn?: string;
  /** Days after which a version is due to be deleted. */
  retentionDays?: number;
  /** Every column may be about a person, or these are. */
  personal: boolean;
  personalColumns: string[];
  train: {
    /** What becomes of a run that reads the dataset with a digest that no admitted version has. */
    unknownDigest: "refuse" | "record";
    /** Which admitted versions a run may read. */
    versions: "any" | "current";
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads a document's settings. What is missing or malformed counts as the stricter choice. */
export function settingsOf(document: unknown): DatasetSettings {
  const root = isRecord(document) ? document : {};
  const metadata = isRecord(root.metadata) ? root.metadata : {};
  const tags = isRecord(metadata.tags) ? metadata.tags : {};
  const spec = isRecord(root.spec) ? root.spec : {};
  const train = isRecord(spec.train) ? spec.train : {};
  const { subjectColumn, retentionDays } = spec;
  const days = Number.isSafeInteger(retentionDays) && (retentionDays as number) > 0;
  return {
    ...(typeof subjectColumn === "string" && subjectColumn !== "" ? { subjectColumn } : {}),
    ...(days ? { retentionDays: retentionDays as number } : {}),
    personal: tags.personalData === true || tags.personalData === "true",
    personalColumns: [...new Set([...personalColumns(spec.columns), ...texts([subjectColumn])])],
    train: {
      unknownDigest: train.unknownDigest === "record" ? "record" : "refuse",
      versions: train.versions === "current" ? "current" : "any",
    },
  };
}

const texts = (values: unknown[]): string[] =>
  values.filter((value): value is string => typeof value === "string" && value !== "");

function personalColumns(columns: unknown): string[] {
  if (!Array.isArray(columns)) return [];
  return texts(
    columns.map((column) => (isRecord(column) && column.personalData === true ? column.name : "")),
  );
}

const DAY_MS = 86_400_000;

/** When a version is due to be deleted; undefined when nothing was said. */
export function dueAt(settings: DatasetSettings, admittedAt: number): number | undefined {
  return settings.retentionDays === undefined ? undefined : admittedAt + settings.retentionDays * DAY_MS;
}

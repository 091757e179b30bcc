import { resolve } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { type TSchema, Type } from "typebox";
import { Value } from "typebox/value";

export interface Config {
  /** The data directory. */
  directory: string;
  host: string;
  port: number;
  /** Where people reach it, when that is not host and port: behind a proxy, say. */
  publicUrl: string;
  /** Empty: the embedded PostgreSQL in the data directory. */
  databaseUrl: string;
  /** Where `initdb` and `postgres` stand; empty: the packaged ones. */
  postgresBinaries: string;
  workspace: string;
  /** Directory of .cedar files; empty: those of the data directory, else the starter set. */
  policies: string;
  /** `<url> <vkey>` of the witness that cosigns checkpoints. */
  witness: string;
  /** Whether a new data directory begins with the example workspace. */
  example: boolean;
  logLevel: "silent" | "fatal" | "error" | "warn" | "info" | "debug" | "trace";
  /** Bytes of one upload, all files together. */
  uploadLimit: number;
  /** Bytes of one artifact of a run or logged model. */
  artifactLimit: number;
  /** Bytes of any other request body. */
  bodyLimit: number;
  jobLeaseMs: number;
  /** How long a stopping server waits for requests and jobs. */
  drainMs: number;
  /** Built files of the console; empty: those of this repository. */
  console: string;
  /** Directories whose files may be admitted, and checked when a run reads them, where they are; separated as in PATH. */
  dataRoots: string;
  /** S3-compatible storage that datasets may be admitted from; empty: none. */
  s3Endpoint: string;
  s3Region: string;
  s3AccessKeyId: string;
  s3SecretAccessKey: string;
}

interface Setting {
  env: string;
  schema: TSchema;
  fallback: string | number | boolean;
}

const LEVELS: Config["logLevel"][] = ["silent", "fatal", "error", "warn", "info", "debug", "trace"];
const url = (schemes: string) => Type.String({ pattern: `^((${schemes})://.+)?$` });

/** Everything that can be set, in one place: the variable, what it may be, and what it is otherwise. */
const SETTINGS: { [K in keyof Config]: Setting & { fallback: Config[K] } } = {
  directory: {
    env: "COUNTERSIGN_DIRECTORY",
    schema: Type.String({ minLength: 1 }),
    fallback: "countersign-data",
  },
  host: { env: "COUNTERSIGN_HOST", schema: Type.String({ minLength: 1 }), fallback: "127.0.0.1" },
  port: { env: "COUNTERSIGN_PORT", schema: Type.Integer({ minimum: 0, maximum: 65_535 }), fallback: 8420 },
  publicUrl: { env: "COUNTERSIGN_PUBLIC_URL", schema: url("https?"), fallback: "" },
  databaseUrl: { env: "DATABASE_URL", schema: url("postgres|postgresql"), fallback: "" },
  postgresBinaries: { env: "COUNTERSIGN_POSTGRES", schema: Type.String(), fallback: "" },
  workspace: {
    env: "COUNTERSIGN_WORKSPACE",
    schema: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    fallback: "default",
  },
  policies: { env: "COUNTERSIGN_POLICIES", schema: Type.String(), fallback: "" },
  witness: { env: "COUNTERSIGN_WITNESS", schema: url("https?"), fallback: "" },
  example: { env: "COUNTERSIGN_EXAMPLE", schema: Type.Boolean(), fallback: true },
  logLevel: { env: "COUNTERSIGN_LOG_LEVEL", schema: Type.Enum(LEVELS), fallback: "info" },
  uploadLimit: {
    env: "COUNTERSIGN_UPLOAD_LIMIT",
    schema: Type.Integer({ minimum: 1 }),
    fallback: 8 * 1024 ** 3,
  },
  artifactLimit: {
    env: "COUNTERSIGN_ARTIFACT_LIMIT",
    schema: Type.Integer({ minimum: 1 }),
    fallback: 64 * 1024 ** 3,
  },
  bodyLimit: {
    env: "COUNTERSIGN_BODY_LIMIT",
    schema: Type.Integer({ minimum: 1024 }),
    fallback: 8 * 1024 ** 2,
  },
  jobLeaseMs: { env: "COUNTERSIGN_JOB_LEASE_MS", schema: Type.Integer({ minimum: 200 }), fallback: 15_000 },
  drainMs: { env: "COUNTERSIGN_DRAIN_MS", schema: Type.Integer({ minimum: 0 }), fallback: 10_000 },
  console: { env: "COUNTERSIGN_CONSOLE", schema: Type.String(), fallback: "" },
  dataRoots: { env: "COUNTERSIGN_DATA_ROOTS", schema: Type.String(), fallback: "" },
  s3Endpoint: { env: "COUNTERSIGN_S3_ENDPOINT", schema: url("https?"), fallback: "" },
  s3Region: { env: "COUNTERSIGN_S3_REGION", schema: Type.String({ minLength: 1 }), fallback: "us-east-1" },
  s3AccessKeyId: { env: "COUNTERSIGN_S3_ACCESS_KEY_ID", schema: Type.String(), fallback: "" },
  s3SecretAccessKey: { env: "COUNTERSIGN_S3_SECRET_ACCESS_KEY", schema: Type.String(), fallback: "" },
};

/** Settings as they come from flags or from code: texts are converted. */
type Given = { readonly [K in keyof Config]?: Config[K] | string };

/** Reads the configuration once: what is given wins over the environment, the environment over the defaults. */
export function parseConfig(given: Given = {}, env: NodeJS.ProcessEnv = {}): Config {
  const parsed: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const raw = given[name as keyof Config] ?? env[setting.env] ?? setting.fallback;
    const value = typeof raw === "string" ? Value.Convert(setting.schema, raw) : raw;
    if (!Value.Check(setting.schema, value)) throw invalid(name, setting, raw);
    parsed[name] = value;
  }
  const config = parsed as unknown as Config;
  return { ...config, directory: resolve(config.directory) };
}

const SECRET = new Set(["databaseUrl", "s3SecretAccessKey"]);

function invalid(name: string, setting: Setting, value: unknown): CountersignError {
  // A database URL holds a password: it is named, never shown.
  const shown = SECRET.has(name) ? "its value" : JSON.stringify(value);
  const rule = JSON.stringify(setting.schema);
  return new CountersignError("config-invalid", `${name} (${setting.env}): ${shown} does not fit ${rule}`);
}

/** A file at an address, as it was when it was listed. */
export interface RemoteFile {
  /** What the report calls it. */
  path: string;
  url: string;
  headers: Record<string, string>;
  size: number;
  /** "" where the server names none: then a change while it is read may go unnoticed. */
  etag: string;
  /** False where the server sends whole files only. */
  ranges: boolean;
  /** What to do where the server wants to know who asks. */
  advice: string;
}

/** What addresses are read with. Keys and tokens come from the environment and are never printed. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  fetch: typeof fetch;
  clock: () => number;
  signal: AbortSignal;
  /** Milliseconds without an answer, or without another byte, after which a server counts as away. */
  patienceMs?: number;
}

export const PATIENCE_MS = 60_000;

/** Every limit ends in an `incomplete` finding when it is reached, never in `clean`. */
export interface Limits {
  /** Containers inside containers. */
  depth: number;
  /** Members of all containers of one file together. */
  entries: number;
  /** Bytes that one compressed member or stream may unpack to. */
  memberBytes: number;
  /** Bytes that all compressed members of one file may unpack to. */
  totalBytes: number;
  /** Unpacked bytes per packed byte that count as a bomb (once past `bombBytes`). */
  ratio: number;
  bombBytes: number;
  /** Pickle opcodes, protobuf fields and similar steps for one file. */
  steps: number;
  /** Bytes of one structured text (JSON, template, source) that are parsed. */
  textBytes: number;
  /** Findings kept per file; the rest are counted. */
  findings: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 8,
  entries: 100_000,
  memberBytes: 128 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  ratio: 250,
  bombBytes: 32 * 1024 * 1024,
  steps: 200_000_000,
  textBytes: 32 * 1024 * 1024,
  findings: 500,
};

export type LimitName = keyof Limits;

/** Thrown when a budget is spent; the scan of that part stops and the file becomes `incomplete`. */
export class LimitReached extends Error {
  readonly limit: LimitName;
  constructor(limit: LimitName) {
    super(`limit reached: ${limit}`);
    this.name = "LimitReached";
    this.limit = limit;
  }
}

const MAX_BROKEN = 256;

/** What one file has used so far. */
export class Budget {
  readonly limits: Limits;
  private steps = 0;
  private entries = 0;
  private unpacked = 0;
  private brokenStreams = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.limits.steps) throw new LimitReached("steps");
  }

  entry(count = 1): void {
    this.entries += count;
    if (this.entries > this.limits.entries) throw new LimitReached("entries");
  }

  /** Counts a compressed stream that breaks: each costs more than its bytes. */
  broken(): void {
    if (++this.brokenStreams > MAX_BROKEN) throw new LimitReached("entries");
  }

  /** How many bytes the next stream may unpack to. */
  get room(): number {
    return Math.max(0, Math.min(this.limits.memberBytes, this.limits.totalBytes - this.unpacked));
  }

  unpack(bytes: number): void {
    this.unpacked += bytes;
    if (this.unpacked > this.limits.totalBytes) throw new LimitReached("totalBytes");
  }
}

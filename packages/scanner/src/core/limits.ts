/** Every limit ends in an `incomplete` finding when it is reached, never in `clean`. */
export interface Limits {
  /** Containers inside containers. */
  depth: number;
  /** Members of all containers of one file together. */
  entries: number;
  /** Bytes that one compressed member or stream may unpack to. */
  memberBytes: number;
  /** Bytes that all compressed members of one file may unpack to; never more than `ratio` times the file's own, or a GiB. */
  totalBytes: number;
  /** Bytes of one unpacked member that are held in memory where there is no disk to spill to. */
  memoryBytes: number;
  /** Bytes that unpacking leaves free on the disk. */
  freeBytes: number;
  /** Unpacked bytes per packed byte that count as a bomb (once past `bombBytes`), unless a header states them. */
  ratio: number;
  bombBytes: number;
  /** Pickle opcodes, protobuf fields and similar steps for one file. */
  steps: number;
  /** Bytes of one structured text (JSON, template, source) that are parsed. */
  textBytes: number;
  /** Bytes of tensors whose numbers are looked at, spread over all tensors; 0 looks at none. */
  weightBytes: number;
  /** Bytes at the beginning of a binary part that are searched for secrets and addresses. */
  searchBytes: number;
  /** Members whose digests are taken, to be looked up in a list; 0 takes none. */
  memberDigests: number;
  /** Findings kept per file; the rest are counted. */
  findings: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 8,
  entries: 100_000,
  memberBytes: 256 * 1024 ** 3,
  totalBytes: 512 * 1024 ** 3,
  memoryBytes: 128 * 1024 * 1024,
  freeBytes: 1024 ** 3,
  ratio: 250,
  bombBytes: 32 * 1024 * 1024,
  steps: 200_000_000,
  textBytes: 32 * 1024 * 1024,
  weightBytes: 8 * 1024 * 1024,
  searchBytes: 8 * 1024 * 1024,
  memberDigests: 0,
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
const BOMB_SAMPLE = 8 * 1024 * 1024;
/** However small a file is, it may unpack to so much in all. */
const LEAST_TOTAL = 1024 ** 3;

/** So many bytes of arrays whose headers state them: zeros take no disk, and a second for some GiB. */
const MOST_STATED = 8 * 1024 ** 3;

/** What one file has used so far. */
export class Budget {
  readonly limits: Limits;
  private steps = 0;
  private entries = 0;
  private unpacked = 0;
  private brokenStreams = 0;
  private bombs = 0;
  private stated = 0;
  private readonly mostUnpacked: number;

  constructor(limits: Limits, fileSize: number = Number.POSITIVE_INFINITY) {
    this.limits = limits;
    this.mostUnpacked = Math.min(limits.totalBytes, Math.max(LEAST_TOTAL, fileSize * limits.ratio));
  }

  step(count = 1): void {
    this.steps += count;
    if (this.steps > this.limits.steps) throw new LimitReached("steps");
  }

  get spent(): number {
    return this.steps;
  }

  entry(count = 1): void {
    this.entries += count;
    if (this.entries > this.limits.entries) throw new LimitReached("entries");
  }

  /** Counts a compressed stream that breaks: each costs more than its bytes. */
  broken(): void {
    if (++this.brokenStreams > MAX_BROKEN) throw new LimitReached("entries");
  }

  /** Counts a bomb and answers how much of it is worth a look: less and less, so that many take no longer than a few. */
  bomb(): number {
    return Math.floor(BOMB_SAMPLE / 2 ** this.bombs++);
  }

  /** Counts unpacked bytes; those of which a header `stated` that they come for themselves. */
  unpack(bytes: number, stated = false): void {
    if (stated) this.stated += bytes;
    else this.unpacked += bytes;
    const most = Math.min(this.limits.totalBytes, Math.max(MOST_STATED, this.mostUnpacked));
    if (this.unpacked > this.mostUnpacked || this.stated > most) throw new LimitReached("totalBytes");
  }
}

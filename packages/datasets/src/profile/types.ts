import type { DataFormat } from "./formats.js";

/** What is known of a column. Values of single rows are left out where they may be about a person. */
export interface ColumnProfile {
  name: string;
  type: string;
  nulls: number;
  /** Estimated (HyperLogLog). */
  distinct?: number;
  /** No value of this column is quoted: it may be about a person. */
  personal?: boolean;
  /** As text, so that no digit of a large number is lost. */
  min?: string;
  max?: string;
  /** Of finite values. */
  mean?: number;
  /** Estimated, of finite values: 5, 25, 50, 75 and 95 percent. */
  quantiles?: number[];
  /** NaN and infinities. */
  nonFinite?: number;
  top?: { value: string; count: number }[];
}

export interface TableProfile {
  /** The file, or the directory whose files make the table. */
  name: string;
  format: DataFormat;
  files: number;
  rows: number;
  columns: ColumnProfile[];
  /** What could not be read, as sentences. */
  problems: string[];
}

/** Schema and statistics of a dataset. */
export interface Profile {
  rows: number;
  tables: TableProfile[];
  /** What MLflow's clients call the only table once pandas has read it, where that can be told. */
  mlflowDigests?: string[];
  /** Files that are no tables, such as images: only their digests are known. */
  others: number;
  problems: string[];
}

/** Bounds of the process that reads the data. Each ends in a sentence under `problems`, never in a crash. */
export interface ProfileLimits {
  threads: 1 | 2;
  memoryMegabytes: number;
  timeMs: number;
  columns: number;
  tables: number;
}

export const PROFILE_LIMITS: ProfileLimits = {
  threads: 2,
  memoryMegabytes: 768,
  timeMs: 600_000,
  columns: 2_000,
  tables: 64,
};

/** What must not be quoted. */
export interface Privacy {
  /** Every column may be about a person. */
  personal: boolean;
  /** These columns are. */
  columns: readonly string[];
}

import type { Signer } from "@countersign/evidence";
import type { Progress } from "../terminal/progress.js";

export interface AdmitRequest {
  path: string;
  name: string;
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
  /** Absent: unsigned. */
  author?: Signer;
  progress: Progress;
  signal: AbortSignal;
}

type InputJudgement =
  | { outcome: "known"; artifact: string }
  | { outcome: "unknown" }
  | { outcome: "refused"; reason: string; remedy: string };

/** The train gate: says whether a run may read a dataset. */
export interface InputJudge {
  judgeInput(input: {
    name: string;
    digest: string;
    source: string;
    sourceType: string;
    /** Who reads it, for the list of reads. */
    run: string;
    principal: string;
  }): Promise<InputJudgement>;
}

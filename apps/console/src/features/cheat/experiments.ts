import type { CheatBody } from "@countersign/api";

interface Experiment {
  id: CheatBody["experiment"];
  title: string;
  hope: string;
}

/** What somebody with access to the disk or the database might try. */
export const EXPERIMENTS: Experiment[] = [
  { id: "flip-byte", title: "Flip one byte of the evidence", hope: "Perhaps nobody hashes it again." },
  {
    id: "swap-verdict",
    title: "Swap the scan verdict",
    hope: "Write “clean” over “malicious” in the stored evidence.",
  },
  {
    id: "delete-row",
    title: "Delete a database row",
    hope: "A finding that is gone cannot refuse anything.",
  },
  { id: "delete-object", title: "Delete the evidence file", hope: "No evidence, no refusal." },
  { id: "flip-tile", title: "Edit the log on disk", hope: "Change an old entry where it is kept." },
  { id: "truncate-log", title: "Cut the newest entries off", hope: "Go back to before it was refused." },
];

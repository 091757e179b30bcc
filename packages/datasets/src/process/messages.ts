import type { ProfileTask } from "../profile/read.js";
import type { Profile } from "../profile/types.js";
import type { RewriteTask, Rewritten } from "../rewrite/rewrite.js";

export type Task = ProfileTask | RewriteTask;

/** Child to parent. `reason` is a sentence about the file, not about our code. */
export type Reply<T extends Task = Task> = { ok: true; result: ResultOf<T> } | { ok: false; reason: string };

type ResultOf<T extends Task> = T extends ProfileTask ? Profile : Rewritten[];

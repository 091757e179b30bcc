import { showList } from "./arguments.js";
import type { PickleJudge } from "./judge.js";
import type { Call, Global, Value } from "./value.js";

/** A call of an allowed callable whose arguments decide. */
export interface CheckedCall {
  judge: PickleJudge;
  callee: Global;
  args: Value;
  offset: number;
  /** The value that the call gives when the check has nothing better to say. */
  made: Call;
}

export type Check = (call: CheckedCall) => Value;

export function unproven({ judge, callee, args, offset, made }: CheckedCall, why: string): Value {
  judge.report(
    "pickle-unproven-call",
    offset,
    `Loading calls ${callee.path}(${showList(args)}): ${why}.`,
    callee.path,
  );
  return made;
}

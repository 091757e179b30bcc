import type { Part, Scan } from "../../core/scan.js";
import { decodeJson } from "../repository/json.js";
import { type EventLevel, executed, type PythonEvent } from "./events.js";
import { readProgram } from "./program.js";

/**
 * Python beside a model. What stands at the top level, in class bodies, and in functions that these call, runs on import;
 * the rest only when somebody calls it. Expressions are folded as far as they are constants, never run.
 */
export function scanPython(scan: Scan, part: Part): string {
  checkPython(scan, part, decodeJson(part.source.read(0, scan.budget.limits.textBytes)));
  return "python";
}

export function checkPython(scan: Scan, part: Part, source: string): void {
  const { root, bodies, bases } = readProgram(source, scan.budget);
  const runs = executed(root, bodies, bases);
  let able: PythonEvent | undefined;
  for (const body of [root, ...[...bodies.values()].flat()]) {
    for (const event of body.events) {
      const level: EventLevel = event.level === "acts" && !runs.has(body) ? "able" : event.level;
      if (level === "able") able ??= event;
      else {
        report(scan, part, source, event, "python-dangerous");
        return;
      }
    }
  }
  if (able) report(scan, part, source, able, "python-suspicious");
}

function report(
  scan: Scan,
  part: Part,
  source: string,
  { what, at }: PythonEvent,
  rule: "python-dangerous" | "python-suspicious",
): void {
  const line = countLines(source, at);
  const start = source.lastIndexOf("\n", at - 1) + 1;
  const end = source.indexOf("\n", at);
  const code = source.slice(start, end < 0 ? undefined : end).trim();
  const message = `Line ${line} ${what.slice(0, 160)}: ${code.slice(0, 120)}`;
  scan.report(rule, part, message, { offset: Buffer.byteLength(source.slice(0, start)), cause: rule });
}

function countLines(source: string, end: number): number {
  let count = 1;
  for (let at = source.indexOf("\n"); at >= 0 && at < end; at = source.indexOf("\n", at + 1)) count++;
  return count;
}

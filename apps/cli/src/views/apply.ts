import type { ApplyAnswer, ApplyResult, AssetChange } from "@countersign/api";
import type { Session } from "../session.js";
import { type Safe, safe } from "../terminal/safe.js";
import { bold, dim, green, red, yellow } from "../terminal/style.js";

const SIGN = { created: green("+"), updated: yellow("~"), unchanged: dim("="), deleted: red("-") } as const;
const CHANGES_SHOWN = 12;
const NOTES_SHOWN = 20;

export function drawApplied(session: Session, answer: ApplyAnswer, dryRun: boolean): void {
  const { output } = session;
  for (const result of answer.results) if (result.action !== "unchanged") drawResult(session, result, false);
  drawNotes(session, answer);
  const would = dryRun ? "would be " : "";
  output.line(safe`${bold(tally(answer, would))}`);
}

export function drawDrift(session: Session, answer: ApplyAnswer): void {
  for (const result of answer.results) {
    if (result.action !== "unchanged" || result.declared > 0) drawResult(session, result, true);
  }
  drawNotes(session, answer);
  const same = answer.results.every(({ action, declared }) => action === "unchanged" && declared === 0);
  const { output } = session;
  if (same) output.line(safe`${green("no drift")}  the server says what the files say`);
  else
    output.line(
      safe`${red("drift")}  ${tally(answer, "to be ")}; fix: countersign apply with the same files`,
    );
}

function drawResult({ output }: Session, result: ApplyResult, detailed: boolean): void {
  const { kind, name, action, changes, declared } = result;
  const versions =
    declared === 0 ? "" : ` (${declared} ${declared === 1 ? "version" : "versions"} to be told)`;
  const told = detailed ? versions : versions.replace(" to be told", " told");
  output.line(safe`${SIGN[action]} ${kind} ${bold(name)} ${action}${told}`);
  if (action !== "updated") return;
  for (const change of changes.slice(0, CHANGES_SHOWN)) output.line(safe`    ${changeLine(change)}`);
  if (changes.length > CHANGES_SHOWN)
    output.line(safe`    ${dim(`and ${changes.length - CHANGES_SHOWN} more`)}`);
}

export function changeLine({ path, before, after }: AssetChange): Safe {
  const where = path.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~");
  return safe`${where}: ${before === undefined ? dim("nothing") : red(shown(before))} -> ${after === undefined ? dim("nothing") : green(shown(after))}`;
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
};

function drawNotes({ output }: Session, { results, cycles }: ApplyAnswer): void {
  const dangling = results.flatMap(({ kind, name, action, dangling: lost }) =>
    lost.map((to) =>
      action === "deleted"
        ? safe`${to.kind} ${to.name} still refers to ${kind} ${name} (${to.relation})`
        : safe`${kind} ${name} refers to ${to.kind} ${to.name}, which is not in the inventory (${to.relation})`,
    ),
  );
  const circles = cycles.map((cycle) => safe`a circle: ${[...cycle, cycle[0] ?? ""].join(" -> ")}`);
  const notes = [...dangling, ...circles];
  for (const note of notes.slice(0, NOTES_SHOWN)) output.warn(safe`  ${yellow("note:")} ${note}`);
  const more = notes.length - NOTES_SHOWN;
  if (more > 0) output.warn(safe`  ${yellow("note:")} and ${more} more (--output json lists all)`);
}

function tally({ results }: ApplyAnswer, would: string): string {
  const counts = new Map<string, number>();
  for (const { action } of results) counts.set(action, (counts.get(action) ?? 0) + 1);
  return [...counts]
    .map(([action, count]) => `${count} ${action === "unchanged" ? "" : would}${action}`)
    .join(", ");
}

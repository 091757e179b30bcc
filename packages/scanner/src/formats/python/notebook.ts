import type { Part, Scan } from "../../core/scan.js";
import { decodeJson, isObject, JsonProblem, parseDocument } from "../repository/json.js";
import { STARTUP_FILE } from "./calls.js";
import { judgeCommand } from "./commands.js";
import type { PythonEvent } from "./events.js";
import { readProgram } from "./program.js";

/** Pictures make a notebook larger than other texts. */
const PICTURES = 4;

/** A notebook's code cells, each of which runs when its reader says so: only evident malice is an alarm. */
export function scanNotebook(scan: Scan, part: Part): boolean {
  const most = PICTURES * scan.budget.limits.textBytes;
  if (part.source.size > most) {
    scan.reportLimit(part, "textBytes");
    return false;
  }
  let value: unknown;
  try {
    value = parseDocument(decodeJson(part.source.read(0, most))).value;
  } catch (error) {
    if (error instanceof JsonProblem) return false;
    throw error;
  }
  if (!isObject(value) || !Array.isArray(value.cells)) return false;
  for (const cell of value.cells as unknown[]) {
    if (!isObject(cell)) continue;
    if (cell.cell_type === "code") checkCell(scan, part, textOf(cell.source));
    for (const script of scriptsOf(cell)) checkScript(scan, part, script);
  }
  return true;
}

function textOf(source: unknown): string {
  return [source]
    .flat()
    .filter((line) => typeof line === "string")
    .join("");
}

/** Cells that another program runs, and lines that a shell does: `!curl`, `x = !ls`, `%sx ls`. */
const SHELL_CELL =
  /^\s*%%(?:bash|sh|system|sx|!|cmd|powershell|script\s[^\n]{0,200}?\b(?:ba|z|da)?sh)\b[^\n]*\n/;
const SHELL_LINE =
  /^[ \t]{0,100}(?:[\w, \t]{1,200}=[ \t]*)?(?:!{1,2}|%(?:system|sx)\b)((?:[^\n]*\\\n)*[^\n]*)$/gm;
/** The same as calls, which is how notebooks are written as scripts. */
const SHELL_CALL =
  /\b(?:get_ipython\(\)|ip|ipython)\.(?:system(?:_raw|_piped)?|getoutput|run_(?:line|cell)_magic)\(([^\n]*)/g;
const WRITTEN_FILE = /^\s*%%(?:writefile|file)\s+(?:-a\s+)?([^\n]{1,300})/;
/** Commands of the notebook itself are no Python. */
const MAGIC = /^[ \t]*[!%?].*$/gm;

function checkCell(scan: Scan, part: Part, source: string): void {
  scan.budget.step(source.length);
  const shell = SHELL_CELL.exec(source)?.[0];
  if (shell !== undefined) {
    checkCommand(scan, part, source.slice(shell.length));
    return;
  }
  for (const lines of [SHELL_LINE, SHELL_CALL]) {
    for (const [, command = ""] of source.matchAll(lines)) checkCommand(scan, part, command);
  }
  const file = WRITTEN_FILE.exec(source)?.[1]?.trim() ?? "";
  if (STARTUP_FILE.test(file)) reportRun(scan, part, `writes ${JSON.stringify(file)}`);
  if (/^\s*%%(?:javascript|js|html)\b/i.test(source)) checkScript(scan, part, source);
  const found = worst(scan, source.replace(SHELL_LINE, "pass").replace(MAGIC, "pass"));
  if (!found) return;
  const rule = found.level === "malice" ? "python-dangerous" : "python-suspicious";
  const message = `A cell ${found.what.slice(0, 160)}: ${source.slice(found.at, found.at + 80).trim()}`;
  scan.report(rule, part, message, { cause: rule });
}

function worst(scan: Scan, source: string): PythonEvent | undefined {
  const { root, bodies } = readProgram(source, scan.budget);
  const events = [root, ...[...bodies.values()].flat()].flatMap((body) => body.events);
  return events.find(({ level }) => level === "malice") ?? events.find(({ level }) => level === "acts");
}

/** How tools of good name are installed in notebooks: from a named host, over TLS. */
const INSTALLER =
  /\b(?:curl|wget)\s(?:[^\n|;&]{0,300}\s)?["']?https:\/\/(?![\d.]+[:/])[\w.-]{1,200}(?:\/[\w./@~+-]{0,300})?["']?(?:\s[^\n|;&$`]{0,200})?\|\s*(?:sudo\s+)?(?:\w+=\S{0,200}\s+){0,4}(?:(?:ba|z|da)?sh|python3?)\b/g;

function checkCommand(scan: Scan, part: Part, command: string): void {
  if (judgeCommand(command.slice(0, 20_000).replace(INSTALLER, "\ufffc")) !== "malice") return;
  reportRun(scan, part, `runs ${JSON.stringify(command.trim().slice(0, 100))}`);
}

function reportRun(scan: Scan, part: Part, what: string): void {
  scan.report("python-dangerous", part, `A cell ${what}.`, { cause: "python-dangerous" });
}

/** What a cell shows, as far as a browser may run it. */
function scriptsOf(cell: object): string[] {
  const shown = "outputs" in cell && Array.isArray(cell.outputs) ? (cell.outputs as unknown[]) : [];
  const texts = shown.flatMap((output) =>
    isObject(output) && isObject(output.data)
      ? Object.entries(output.data).flatMap(([type, value]) =>
          ACTIVE_TYPE.test(type) ? [textOf(value)] : [],
        )
      : [],
  );
  const markdown = "cell_type" in cell && cell.cell_type === "markdown" && "source" in cell;
  return markdown ? [...texts, textOf(cell.source)] : texts;
}

const ACTIVE_TYPE = /html|javascript|svg/i;
/** Where a script hands Python to the kernel; plots do so too, with code of their own library. */
const EXECUTES = /\b(?:kernel|session)\??\.(?:execute|requestExecute)\s*\(/g;
const MOST_CALLS = 200;
const CODE_CHARS = 4_000;

function checkScript(scan: Scan, part: Part, script: string): void {
  let calls = 0;
  for (const { index, 0: call } of script.matchAll(EXECUTES)) {
    if (++calls > MOST_CALLS) return;
    const from = index + call.length;
    const code = codeIn(script.slice(from, from + CODE_CHARS));
    scan.budget.step(code.length);
    const found = worst(scan, code);
    if (!found) continue;
    const message = `A script in the notebook has the kernel run code that ${found.what.slice(0, 160)}.`;
    scan.report("python-dangerous", part, message, { cause: "python-dangerous" });
    return;
  }
}

/** The text that a call of JavaScript begins with, also under the key `code`. */
function codeIn(given: string): string {
  const found = /^\s*(?:\{\s*["']?code["']?\s*:\s*)?(["'`])/.exec(given);
  if (!found?.[1]) return "";
  let code = "";
  for (let at = found[0].length; at < given.length && given[at] !== found[1]; at++) {
    if (given[at] === "\\") at++;
    code += given[at - 1] === "\\" && given[at] === "n" ? "\n" : (given[at] ?? "");
  }
  return code;
}

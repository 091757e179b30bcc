import type { Part, Scan } from "../core/scan.js";
import { isObject, JsonProblem, parseDocument } from "./json.js";

/** Calls that reach the system, at the start of a line or inside one. */
const DANGEROUS =
  /(?<![\w.])(?:os\.(?:system|popen|exec[lv]\w*|spawn\w*|startfile)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput|getstatusoutput)|pty\.spawn|(?:eval|exec)\s*\(\s*(?:base64|zlib|marshal|codecs|bytes|__import__|compile|requests|urllib)|__import__\s*\(\s*['"](?:os|subprocess|socket|pty|ctypes)['"]\s*\)|marshal\.loads|ctypes\.(?:CDLL|cdll)|socket\.socket|urllib\.request\.urlopen|pickle\.loads|runpy\.run_\w+)\s*\(?/;
const ABLE = /(?<![\w.])(?:eval|exec|compile|__import__|pickle\.loads?|torch\.load|joblib\.load|open)\s*\(/;
const MAX_LINES = 200_000;

/**
 * Python beside a model. Lines at the top level, or in class bodies, run on import; lines in functions only when
 * called. No expression is evaluated: text is read line by line, without strings and comments.
 */
export function scanPython(scan: Scan, part: Part): string {
  const text = part.source.read(0, scan.budget.limits.textBytes).toString("utf8");
  checkLines(scan, part, text);
  return "python";
}

function checkLines(scan: Scan, part: Part, text: string): void {
  const scopes: { indent: number; deferred: boolean }[] = [];
  let offset = 0;
  for (const [index, line] of blankStrings(text).split("\n", MAX_LINES).entries()) {
    const code = line.replace(/#.*$/, "");
    const at = offset;
    offset += line.length + 1;
    if (code.trim() === "") continue;
    const indent = code.length - code.trimStart().length;
    while ((scopes.at(-1)?.indent ?? -1) >= indent) scopes.pop();
    const deferred = scopes.some((scope) => scope.deferred);
    const opens = /^\s*(async\s+)?def\s|^\s*if\s+__name__\s*==/.test(code) && /:\s*$/.test(code);
    if (opens) scopes.push({ indent, deferred: true });
    report(scan, part, code, {
      line: index + 1,
      offset: at,
      deferred: deferred || opens || /\blambda\b/.test(code),
    });
  }
}

function report(
  scan: Scan,
  part: Part,
  code: string,
  where: { line: number; offset: number; deferred: boolean },
): void {
  const match = DANGEROUS.exec(code) ?? (where.deferred ? ABLE.exec(code) : null);
  if (!match) return;
  const rule = where.deferred ? "python-suspicious" : "python-dangerous";
  const shown = code.trim().slice(0, 120);
  scan.report(rule, part, `Line ${where.line}: ${shown}`, { offset: where.offset, cause: rule });
}

/** Blanks docstrings and long strings, so that documentation is not taken for code. */
function blankStrings(text: string): string {
  return text.replace(/("""|''')[\s\S]*?\1/g, (string) => string.replace(/[^\n]/g, " "));
}

/** A notebook's code cells. */
export function scanNotebook(scan: Scan, part: Part): boolean {
  let value: unknown;
  try {
    value = parseDocument(part.source.read(0, scan.budget.limits.textBytes).toString("utf8")).value;
  } catch (error) {
    if (error instanceof JsonProblem) return false;
    throw error;
  }
  if (!isObject(value) || !Array.isArray(value.cells)) return false;
  for (const cell of value.cells as unknown[]) {
    if (!isObject(cell) || cell.cell_type !== "code") continue;
    const lines = [cell.source].flat().filter((line) => typeof line === "string");
    const source = lines.join("");
    if (DANGEROUS.test(source)) {
      scan.report("python-suspicious", part, `A cell can reach the system: ${source.trim().slice(0, 100)}`, {
        cause: "cell",
      });
    }
  }
  return true;
}

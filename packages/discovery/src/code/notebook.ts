interface Cell {
  cell_type?: unknown;
  source?: unknown;
}

export interface Notebook {
  /** The code cells as one Python file, on the same lines as in the notebook's JSON. */
  readonly code: string;
  /** The lines that go to the shell. */
  readonly shell: readonly { line: number; text: string }[];
}

/** Reads a Jupyter notebook's code cells. Outputs and prose are not code. */
export function readNotebook(text: string): Notebook | undefined {
  let parsed: { cells?: unknown; worksheets?: unknown };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed?.cells)) return undefined;
  const lines: string[] = [];
  const shell: { line: number; text: string }[] = [];
  let at = 0;
  let line = 1;
  for (const cell of parsed.cells as Cell[]) {
    if (cell?.cell_type !== "code") continue;
    for (const code of linesOf(cell.source)) {
      const found = text.indexOf(JSON.stringify(code).slice(1, -1), at);
      if (found >= 0) {
        line += newlines(text, at, found);
        at = found;
      }
      place(lines, shell, code.replace(/\n$/, ""), line);
    }
    // A cell ends what it left open.
    if (lines.length > 0) lines[lines.length - 1] += "";
  }
  return { code: lines.join("\n"), shell };
}

function linesOf(source: unknown): string[] {
  if (typeof source === "string") return source.split(/(?<=\n)/);
  return Array.isArray(source)
    ? source
        .filter((line): line is string => typeof line === "string")
        .flatMap((line) => line.split(/(?<=\n)/))
    : [];
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let next = text.indexOf("\n", from); next >= 0 && next < to; next = text.indexOf("\n", next + 1))
    count++;
  return count;
}

// Several lines of code may stand on one line of JSON; then later ones move down.
function place(lines: string[], shell: { line: number; text: string }[], code: string, line: number): void {
  while (lines.length < line - 1) lines.push("");
  const magic = /^\s*(?:!|%%?(?:sh|bash|system)?\b\s*)(.*)$/.exec(code);
  if (magic) shell.push({ line, text: magic[1] ?? "" });
  lines.push(magic ? "" : code);
}

import { textsOf, type Value } from "../../expression/value.js";

/** The command lines that a call would run, as far as they are known. */
export function commandsOf(path: string, given: readonly Value[]): string[] {
  const [first, second] = given;
  if (!first) return [];
  const listed = first.kind === "list" ? first : undefined;
  if (listed) {
    const words = listed.items.map((item, at) => textsOf(item)[0] ?? (at === 0 ? program(item) : "\ufffc"));
    return words.length > 0 ? [words.join(" ")] : [];
  }
  // os.execv(path, arguments)
  if (/exec[lv]|spawn[lv]/.test(path) && second?.kind === "list") return commandsOf("", [second]);
  return [...textsOf(first)];
}

/** `sys.executable` and what else stands for the interpreter. */
function program(value: Value): string {
  return value.kind === "path" && /(^|\.)executable$/.test(value.path) ? "python" : "\ufffc";
}

export function shown(commands: readonly string[]): string {
  return JSON.stringify((commands[0] ?? "").replaceAll("\ufffc", "...").slice(0, 100));
}

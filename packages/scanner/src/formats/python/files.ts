import { taintsOf, text, textsOf, type Value } from "../../expression/value.js";
import type { PythonEvent } from "./events.js";
import { openedFile } from "./paths.js";

/** A value that is a path of `pathlib`, with what it says. */
const FILE = "<file>";
const MAKES = /^pathlib\.(Pure)?(Posix|Windows)?Path$/;
const MOST = 1_000;

/** What a call on `pathlib`, or on a path of it, answers. */
export function fileOf(path: string, given: readonly Value[]): Value | undefined {
  if (MAKES.test(path)) return put("", given);
  if (/^pathlib\.(Posix|Windows)?Path\.home$/.test(path)) return { kind: "path", path: `${FILE}~` };
  if (!path.startsWith(FILE)) return undefined;
  const dot = path.lastIndexOf(".");
  const file = path.slice(FILE.length, dot);
  const method = path.slice(dot + 1);
  if (method === "joinpath") return put(file, given);
  return /^(expanduser|resolve|absolute)$/.test(method) ? { kind: "path", path: FILE + file } : undefined;
}

/** `path / name`. */
export function divided(left: Value, right: Value): Value | undefined {
  const file = nameOf(left);
  return left.kind === "path" && file !== undefined ? put(file, [right]) : undefined;
}

function put(file: string, given: readonly Value[]): Value | undefined {
  const names = given.map(nameOf);
  if (!names.every((name) => name !== undefined)) return undefined;
  const path = [...(file === "" ? [] : [file]), ...names].join("/");
  return path.length <= MOST ? { kind: "path", path: FILE + path } : undefined;
}

function nameOf(value: Value): string | undefined {
  if (value.kind === "path") return value.path.startsWith(FILE) ? value.path.slice(FILE.length) : undefined;
  return taintsOf(value).size === 0 ? textsOf(value)[0] : undefined;
}

/** What reading or writing a file by its path means. */
export function usedFile(
  path: string,
  given: readonly Value[],
): Pick<PythonEvent, "level" | "what"> | undefined {
  if (path === "builtins.open") {
    const [file, ...rest] = given;
    const name = file && nameOf(file);
    return openedFile(name === undefined ? given : [text(name), ...rest]);
  }
  const [, file, method = ""] = /^<file>(.*)\.(open|(?:read|write)_(?:text|bytes))$/s.exec(path) ?? [];
  if (file === undefined) return undefined;
  if (method === "open") return openedFile([text(file), ...given.slice(0, 1)]);
  return openedFile([text(file), text(method.startsWith("write") ? "w" : "r")]);
}

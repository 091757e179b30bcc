import { taintsOf, text, textsOf, type Value } from "../../expression/value.js";
import type { PythonEvent } from "./events.js";
import { isPlace, openedFile } from "./paths.js";

/** A value that is a path of `pathlib`, with what it says. */
const FILE = "<file>";
const MAKES = /^pathlib\.(Pure)?(Posix|Windows)?Path$/;
const MOST = 1_000;

/** Where Python looks for packages, and for what it runs when it starts. */
const PACKAGES =
  /^(site\.(getusersitepackages|getsitepackages|USER_SITE)|(distutils\.)?sysconfig\.get_(paths?|python_lib))\b/;
/** A part of a file's name that nobody knows. */
const PART = "\ufffc";

/** What a call on `pathlib`, on a path of it, or on names of files answers. */
export function fileOf(path: string, given: readonly Value[]): Value | undefined {
  if (MAKES.test(path)) return put("", given);
  if (/^pathlib\.(Posix|Windows)?Path\.home$/.test(path)) return { kind: "path", path: `${FILE}~` };
  if (path === "os.path.join") return joined(given);
  if (/^os\.(fspath|path\.(abspath|realpath|normpath))$/.test(path)) return given[0];
  if (!path.startsWith(FILE)) return undefined;
  const dot = path.lastIndexOf(".");
  const file = path.slice(FILE.length, dot);
  const method = path.slice(dot + 1);
  if (method === "joinpath") return put(file, given);
  return /^(expanduser|resolve|absolute|as_posix|__str__)$/.test(method)
    ? { kind: "path", path: FILE + file }
    : undefined;
}

/** `os.path.join`, where some part is known. */
function joined(given: readonly Value[]): Value | undefined {
  if (given.some((value) => taintsOf(value).size > 0)) return undefined;
  const names = given.map(nameOf);
  if (names.every((name) => name === undefined)) return undefined;
  return put(
    "",
    names.map((name) => text(name ?? PART)),
  );
}

/** What two values make of the name of a file: `path / name`, `str(path) + "/name"`, `f"{path}/name"`. */
export function combined(operator: string, left: Value, right: Value): Value | undefined {
  if (operator === "/") return divided(left, right);
  if (operator !== "+" && operator !== "format") return undefined;
  const [first, second] = [nameOf(left), nameOf(right)];
  if (first !== undefined && second !== undefined && (isFile(left) || isFile(right)))
    return { kind: "path", path: (FILE + first + second).slice(0, MOST) };
  // `os.environ["HOME"] + "/.bashrc"`: the end of the name says enough.
  const unnamed = first === undefined && taintsOf(left).size === 0 && operator === "+";
  const place = unnamed && second !== undefined && /^[/\\]/.test(second) && isPlace(second);
  return place ? { kind: "path", path: `${FILE}${PART}${second}` } : undefined;
}

function isFile(value: Value): boolean {
  return value.kind === "path" && (value.path.startsWith(FILE) || PACKAGES.test(value.path));
}

/** `path / name`. */
function divided(left: Value, right: Value): Value | undefined {
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
  if (value.kind === "path") {
    if (PACKAGES.test(value.path)) return "site-packages";
    return value.path.startsWith(FILE) ? value.path.slice(FILE.length) : undefined;
  }
  return taintsOf(value).size === 0 ? textsOf(value)[0] : undefined;
}

export const OPENS: RegExp = /^(builtins|_?io|codecs)\.open$/;
/** Calls that put a file where the second of their arguments says. */
const PUTS = /^(shutil\.(copy(2|file)?|move)|(os|posix|nt)\.(rename|replace|link|symlink))$/;

const METHOD = /^<file>(.*)\.(open|(?:read|write)_(?:text|bytes)|rename|replace|(?:symlink|hardlink)_to)$/s;

/** What reading or writing a file by its path means. */
export function usedFile(
  path: string,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Pick<PythonEvent, "level" | "what"> | undefined {
  const [first = named.get("file") ?? named.get("path"), second = named.get("mode") ?? named.get("dst")] =
    positional;
  if (OPENS.test(path)) return opened(first, second);
  if (path === "os.open") return opened(first, text(isReading(second) ? "r" : "w"));
  if (PUTS.test(path)) return opened(second, text("w"));
  const [, file, method = ""] = METHOD.exec(path) ?? [];
  return file === undefined ? undefined : usedPath(file, method, first, second);
}

/** A method of a path of `pathlib`. */
function usedPath(
  file: string,
  method: string,
  first: Value | undefined,
  mode: Value | undefined,
): ReturnType<typeof openedFile> {
  if (method === "open") return opened(text(file), first ?? mode);
  if (/^(read|write)_/.test(method)) return opened(text(file), text(method.startsWith("read") ? "r" : "w"));
  return opened(first, text("w"));
}

function opened(file: Value | undefined, mode: Value | undefined): ReturnType<typeof openedFile> {
  const name = file && nameOf(file);
  const named = name === undefined ? file : text(name);
  return named && openedFile([named, ...(mode ? [mode] : [])]);
}

function isReading(flags: Value | undefined): boolean {
  return flags?.kind === "path" && flags.path === "os.O_RDONLY";
}

/** The name of the file, where it is known. */
export function nameOfFile(file: Value | undefined): string | undefined {
  return file && nameOf(file);
}

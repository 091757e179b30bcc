import { leavesOf, taintsOf, textsOf, UNKNOWN, unknown, type Value } from "../../expression/value.js";
import { builtinPath, isEncoded, isLocal, RUNS, SECRET_FILE, STARTUP_FILE } from "./calls.js";
import type { PythonEvent } from "./events.js";

const WIDE: ReadonlySet<string> = new Set([
  "os",
  "subprocess",
  "pty",
  "socket",
  "builtins",
  "pickle",
  "marshal",
  "base64",
  "urllib.request",
]);
const PEER = /^(getsockname|getpeername|gettimeout|family|type|proto)$/;
const FRAME_NAMES = /^f_(builtins|globals)$/;
const KEEPS_PICK = /^__(dict|globals|builtins|getattribute|getitem|call)__$/;
/** From the class of a constant, or from `object`, every class of the process can be reached. */
export const ROOT_CLASS: RegExp = /^(<class>[\w.]*|object|builtins\.(object|tuple|str|int|dict|list))$/;

/** Everything of a module, to be picked from without naming it. */
export const PICKS: RegExp = /^((.*\.)?sys\.modules|_?os|posix|nt|subprocess|builtins)\.(items|values|copy)$/;
export const IMPORTS: RegExp = /^(builtins\.__import__|importlib\.(import_module|__import__))$/;

/** `__import__("a.b")` answers `a`, unless it is told what is wanted from `a.b`. */
export function imported(
  path: string,
  name: string,
  given: readonly Value[],
  named: ReadonlyMap<string, Value>,
): Value {
  const plain = name.replace(/\0/g, "");
  const whole = path === "importlib.import_module" || given.length > 3 || named.has("fromlist");
  return { kind: "path", path: whole ? plain : (plain.split(".", 1)[0] ?? plain) };
}

export const NAMESPACES: RegExp = /^builtins\.(globals|locals|vars)$/;

/** Attributes by which the system is reached. */
export const REACHED: RegExp =
  /(^|\.)(system|popen|Popen|exec[lv]p?e?|spawn\w*|check_output|__globals__|__builtins__)$/;

/** Whether `from module import *` gives the name. */
export function isStar(module: string, name: string): boolean {
  if (module === "ctypes") return /^(CDLL|PyDLL|cdll|pydll|pythonapi)$/.test(name);
  return WIDE.has(module) && RUNS.test(`${module}.${name}`);
}

/** What stays unnamed is what was picked; a method by its plain name is what honest code calls. */
export function pickedFrom(of: Value, name: string): Value | undefined {
  if (FRAME_NAMES.test(name)) return unknown("modules", of);
  // An address or a port is not what a connection brought.
  if (PEER.test(name) && taintsOf(of).has("socket")) return UNKNOWN;
  if (!taintsOf(of).has("modules") || KEEPS_PICK.test(name) || REACHED.test(name)) return undefined;
  return UNKNOWN;
}

/** Other names for one thing: `random._os`, `os.path.os`, `__builtins__.__dict__`. */
export function join(path: string, name: string): string {
  const joined = `${path}.${name}`;
  return joined
    .replace(/^.*\.(?=_?(os|subprocess|sys|builtins)\.\w+$)/, "")
    .replace(/^_(?=os\.|subprocess\.)/, "");
}

/** A fixed place elsewhere. Asking a public resolver is how programs learn their own address. */
export function isAddress(value: Value): boolean {
  if (value.kind !== "list" || value.items.length !== 2) return false;
  const [host] = value.items[0] ? textsOf(value.items[0]) : [];
  return (
    host !== undefined &&
    !/^(localhost|127\.|0\.0\.0\.0|8\.8\.[84]\.[84]$|1\.1\.1\.1$|10\.255\.|::1|$)/.test(host)
  );
}

/** Taints, and `environment` for all of the environment, not one of its variables. */
export function taintsOfAll(values: readonly Value[]): Set<string> {
  const taints = new Set<string>(taintsOf({ kind: "list", items: values }));
  for (const value of leavesOf<never>(values)) {
    if (value.kind === "path" && value.path === "os.environ") taints.add("environment");
  }
  return taints;
}

/** All of the environment, handed to what a call of HTTP or a socket gave. */
export function sendsAll(callee: Value, given: readonly Value[]): boolean {
  const taints = taintsOf(callee);
  return (taints.has("network") || taints.has("socket")) && taintsOfAll(given).has("environment");
}

const RESOLVES =
  /^(pkgutil\.resolve_name|pydoc\.(locate|resolve)|logging\.config\.\w+\(\)\.resolve|django\.utils\.module_loading\.import_string|werkzeug\.utils\.import_string)$/;

/** What a call that only finds something by a name answers. */
export function lookUp(path: string, name: string): Value | undefined {
  if (RESOLVES.test(path)) return { kind: "path", path: name.replace(":", ".") };
  if (/\.__getattribute__$|\.__getattr__$|\.__dict__\.get$|\.__getitem__$/.test(path)) {
    return { kind: "path", path: join(path.replace(/(\.__dict__)?\.\w+$/, ""), name) };
  }
  if (/(^|\.)sys\.modules\.get$/.test(path)) return { kind: "path", path: name };
  if (/^(os|posix|nt|subprocess|builtins)\.get$/.test(path))
    return { kind: "path", path: join(path.slice(0, -4), name) };
  return path === "<globals>.get" ? { kind: "path", path: builtinPath(name) ?? name } : undefined;
}

/** Whether a file's name says that a later session runs it, or that it holds credentials. */
export function isPlace(name: string): boolean {
  return STARTUP_FILE.test(name) || SECRET_FILE.test(name);
}

/** Keys that let others in, and what runs for every user. */
const KEYS = /authorized_keys|\/etc\/(sudoers|ld\.so)/;

/** What opening a file means, where its name tells. */
export function openedFile([file, mode]: readonly Value[]): Pick<PythonEvent, "level" | "what"> | undefined {
  const writes = mode !== undefined && textsOf(mode).some((one) => /[wax+]/.test(one));
  const names = file ? textsOf(file) : [];
  const [name = ""] = names;
  if (!names.some((one) => (writes ? STARTUP_FILE : SECRET_FILE).test(one))) return undefined;
  const what = `${writes ? "writes" : "reads"} ${JSON.stringify(name.slice(0, 100))}`;
  // Honest programs set up shells, where somebody asks them to.
  return { level: writes && names.some((one) => KEYS.test(one)) ? "malice" : "acts", what };
}

/** A home, or all of a disk. */
const EVERYTHING = /^(~|\$HOME|\/|\/(home|root|Users)|[A-Za-z]:)[\\/]*$/;
const WINDOWS_START = /\\CurrentVersion\\+Run(Once)?\b/i;

/** Calls that harm by what they are given: nobody deletes a home, or has Windows start something, beside a model. */
export function harmOf(path: string, names: readonly string[]): string | undefined {
  if (path === "shutil.rmtree" && names.some((name) => EVERYTHING.test(name)))
    return "deletes a whole home or disk";
  if (
    /^_?winreg\.(OpenKey|CreateKey|SetValue)(Ex)?$/.test(path) &&
    names.some((name) => WINDOWS_START.test(name))
  )
    return "changes what Windows starts";
  return undefined;
}

/** What a call gives of which nobody knows what it does. */
export function madeBy(path: string, given: readonly Value[]): Value {
  const taints = taintsOfAll(given);
  if (taints.has("environment")) return unknown("environment", ...given);
  if (isLocal(path) && given.some(isEncoded)) return unknown("decoded");
  if (taints.size > 0 || path.length > 200) return unknown(...given);
  return { kind: "path", path: `${path}()` };
}

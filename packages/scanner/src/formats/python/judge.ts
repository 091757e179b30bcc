import { taintsOf, textsOf, type Value } from "../../expression/value.js";
import { EXECUTES, isFetch, isNative, RUNS, UNPICKLES } from "./calls.js";
import { commandsOf, shown } from "./command-lines.js";
import { type CommandKind, judgeCommand } from "./commands.js";
import type { EventLevel, PythonEvent } from "./events.js";
import { namesRunner } from "./handed.js";
import { harmOf, isAddress, REACHED, taintsOfAll } from "./paths.js";

export const CONNECT = "socket.socket().connect";
const ABLE =
  /^(pip\.main|pip\._internal\.(cli\.main\.)?main|ctypes\.(CDLL|PyDLL|cdll\.LoadLibrary)|torch\.load|joblib\.load|runpy\.run_\w+)$/;

/** What code in a text does; `apart`, if what it defines cannot be called from here. */
export type Inner = (code: string, apart?: boolean) => PythonEvent[];
const PYTHON_CODE = /\bpython[\d.]*\s+(?:-\w+\s+)*?-c\s+(.+)$/s;
/** A call of what is imported, with values that may be unknown. */
const PLAIN_CODE = /^["']?\s*(import|from|print)\s[\w\s.,;'"()=\ufffc]*$/;

/** What a call by its name does, by what it is given. */
export class CallJudge {
  private readonly event: (level: EventLevel, what: string, at: number) => void;
  private readonly inner: Inner;

  constructor(event: (level: EventLevel, what: string, at: number) => void, inner: Inner) {
    this.event = event;
    this.inner = inner;
  }

  call(path: string, positional: readonly Value[], given: readonly Value[], at: number): void {
    if (RUNS.test(path)) this.runs(path, positional, given, at);
    else if (EXECUTES.test(path)) this.executes(path, positional[0], at);
    else if (UNPICKLES.test(path)) this.unpickles(path, positional[0], at);
    else if (isFetch(path)) this.fetches(path, given, at);
    else if (ABLE.test(path)) this.event("able", `calls ${path}`, at);
    else if (isNative(path)) this.event("malice", `calls ${path}`, at);
    else this.judgeRest(path, given, at);
  }

  private judgeRest(path: string, given: readonly Value[], at: number): void {
    const names = given.flatMap((value) => [...textsOf(value)]);
    const harm = harmOf(path, names);
    if (harm !== undefined) this.event("malice", harm, at);
    else if (path === "os.dup2" && given.map((one) => taintsOf(one).has("socket")).join() === "true,false") {
      this.event("malice", "hands a connection to a shell", at);
    } else if (/^socket\.(gethostbyname|getaddrinfo)$/.test(path) && taintsOfAll(given).has("environment")) {
      this.event("malice", "sends data in names that it looks up", at);
    } else if (
      /^operator\.(methodcaller|attrgetter|itemgetter)$/.test(path) &&
      names.some((name) => REACHED.test(name))
    ) {
      this.event("acts", `calls ${path}`, at);
    } else if (namesRunner(path, given)) this.event("acts", `has ${path} run what it names`, at);
    else if (/^yaml\.(\w+_)?load(_all)?$/.test(path) && names.some((one) => one.includes("!!python/")))
      this.event("acts", `has ${path} make objects of Python`, at);
    else if (path === CONNECT && given.some(isAddress)) this.event("acts", "opens a connection", at);
  }

  private runs(path: string, positional: readonly Value[], given: readonly Value[], at: number): void {
    const taints = taintsOfAll(given);
    if (taints.has("socket") || (taints.has("decoded") && !taints.has("file")) || taints.has("network")) {
      this.event("malice", `calls ${path} with what was decoded or fetched`, at);
      return;
    }
    const commands = commandsOf(path, positional);
    const kinds = commands.map((command) => this.kindOf(command));
    if (kinds.includes("malice")) this.event("malice", `runs ${shown(commands)}`, at);
    else if (kinds.length > 0 && !kinds.includes("acts")) this.event("able", `runs ${shown(commands)}`, at);
    else if (taints.has("input") && commands.length === 0) this.event("able", `calls ${path}`, at);
    else this.event("acts", commands.length > 0 ? `runs ${shown(commands)}` : `calls ${path}`, at);
  }

  private kindOf(command: string): CommandKind {
    const code = PYTHON_CODE.exec(command)?.[1];
    const kind = judgeCommand(command);
    if (code === undefined || kind === "malice") return kind;
    if (this.inner(code, true).some(({ level }) => level !== "able")) return "acts";
    return PLAIN_CODE.test(code) ? "ordinary" : kind;
  }

  private executes(path: string, code: Value | undefined, at: number): void {
    if (!code) return;
    const taints = taintsOf(code);
    if (path.startsWith("types.")) {
      this.event(taints.has("decoded") ? "acts" : "able", `calls ${path}`, at);
      return;
    }
    if (taints.has("decoded") || taints.has("network") || taints.has("socket")) {
      this.event("malice", `${path.replace(/^builtins\./, "")} of code that was decoded or fetched`, at);
      return;
    }
    const levels = textsOf(code).flatMap((one) => this.inner(one).map(({ level }) => level));
    if (levels.includes("malice")) this.event("malice", `runs code in a string with ${path}`, at);
    else if (levels.includes("acts")) this.event("acts", `runs code in a string with ${path}`, at);
    else if (path !== "builtins.compile") this.event("able", `calls ${path}`, at);
  }

  private unpickles(path: string, data: Value | undefined, at: number): void {
    const taints = data ? taintsOf(data) : new Set();
    const literal = data !== undefined && (textsOf(data).length > 0 || taints.has("decoded"));
    if (taints.has("network") || taints.has("socket")) this.event("acts", `${path} of what was fetched`, at);
    else if (literal || !path.endsWith(".load")) this.event(literal ? "acts" : "able", `calls ${path}`, at);
  }

  private fetches(path: string, given: readonly Value[], at: number): void {
    if (given.some((value) => value.kind === "path" && value.path === "os.environ")) {
      this.event("malice", `sends the environment with ${path}`, at);
    } else if (taintsOfAll(given).has("environment")) this.event("malice", `sends secrets with ${path}`, at);
    else if (given.some((value) => textsOf(value).length > 0)) this.event("able", `calls ${path}`, at);
  }
}

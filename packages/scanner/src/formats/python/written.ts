import { taintsOf, textsOf, type Value } from "../../expression/value.js";
import type { PythonEvent } from "./events.js";
import { nameOfFile, OPENS } from "./files.js";

const WRITES = /\.(write(lines|str|_text|_bytes)?)$/;
const OPENED = "<opened>";
const RETRIEVES = /^(urllib\.request|urllib)\.urlretrieve$|^wget\.download$/;
/** Without one of these words no text is code that acts. */
const WORDS = /\b(exec|eval|system|popen|subprocess|socket|__import__|importlib|ctypes|pty|os)\b/;
const MOST = 65_536;

/** Files that the program writes, and what it writes to them: code that is put somewhere runs from there. */
export class Written {
  private readonly inner: (code: string) => PythonEvent[];
  private readonly names = new WeakMap<Value, string>();
  /** Modules, and files, that hold what was fetched or decoded. */
  private readonly fetched = new Set<string>();

  constructor(inner: (code: string) => PythonEvent[]) {
    this.inner = inner;
  }

  /** Remembers what a call of `open` answered. */
  opens(path: string, [file]: readonly Value[], answer: Value): void {
    if (OPENS.test(path) && answer.kind === "unknown") this.names.set(answer, nameOfFile(file) ?? "");
  }

  attribute(of: Value, name: string): Value | undefined {
    const file = of.kind === "unknown" ? this.names.get(of) : undefined;
    return file === undefined || !/^write(lines)?$/.test(name)
      ? undefined
      : { kind: "path", path: `${OPENED}${file}.${name}` };
  }

  brought(module: string): boolean {
    return this.fetched.has(module);
  }

  /** What a call that writes something means. */
  uses(path: string, given: readonly Value[]): Pick<PythonEvent, "level" | "what"> | undefined {
    if (RETRIEVES.test(path)) this.fetches(nameOfFile(given[1]));
    const prints = path === "builtins.print" && given.some((value) => this.names.has(value));
    if (!prints && (!WRITES.test(path) || path.startsWith("sys."))) return undefined;
    const file = /^<(?:opened|file)>(.*)\.\w+$/s.exec(path)?.[1];
    const taints = given.flatMap((value) => [...taintsOf(value)]);
    if (taints.some((taint) => /^(network|decoded|socket)$/.test(taint))) this.fetches(file);
    const texts = given.flatMap((value) => {
      const lines = value.kind === "list" ? value.items.flatMap((one) => textsOf(one).slice(0, 1)) : [];
      return lines.length > 0 ? [lines.join("")] : textsOf(value);
    });
    const acts = texts.some((code) => this.acts(code));
    return acts ? { level: "acts", what: "writes a file of code that reaches the system" } : undefined;
  }

  private fetches(file: string | undefined): void {
    const [, module] = /([^/\\]+)\.pyc?$/.exec(file ?? "") ?? [];
    if (module !== undefined) this.fetched.add(module);
  }

  private acts(code: string): boolean {
    if (code.length > MOST || !WORDS.test(code)) return false;
    return this.inner(code).some(({ level }) => level !== "able");
  }
}

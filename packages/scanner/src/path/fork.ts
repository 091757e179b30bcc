import { type ChildProcess, fork } from "node:child_process";
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface ForkOptions {
  heapMegabytes: number;
  /** The child's whole environment: it reads hostile files, and secrets do not belong there. */
  env?: NodeJS.ProcessEnv;
}

/** Starts the module `name` beside the one at `from` as a process. Unbuilt code runs through tsx, as tests do; built code needs nothing. */
export function forkBeside(
  from: string,
  name: string,
  { heapMegabytes, env = {} }: ForkOptions,
): ChildProcess {
  const source = from.endsWith(".ts");
  const file = source ? fileURLToPath(new URL(`./${name}.ts`, from)) : builtFile(from, name);
  const heap = [
    `--max-old-space-size=${heapMegabytes}`,
    "--min-semi-space-size=16",
    "--max-semi-space-size=16",
  ];
  const tsx = source ? ["--conditions=source", "--import", loader(from)] : [];
  return fork(file, [], {
    execArgv: [...heap, ...tsx],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    env,
  });
}

/** The module's bundle, which starts sooner, unless the compiler has run since it was made. */
function builtFile(from: string, name: string): string {
  const bundle = fileURLToPath(new URL(`./${name}.bundle.js`, from));
  const compiled = fileURLToPath(new URL("../../tsconfig.tsbuildinfo", from));
  return modified(bundle) > modified(compiled) ? bundle : fileURLToPath(new URL(`./${name}.js`, from));
}

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const loader = (from: string): string => pathToFileURL(createRequire(from).resolve("tsx")).href;

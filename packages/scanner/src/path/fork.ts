import { type ChildProcess, fork } from "node:child_process";
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
  const file = fileURLToPath(new URL(`./${name}.${source ? "ts" : "js"}`, from));
  const heap = [`--max-old-space-size=${heapMegabytes}`, "--max-semi-space-size=16"];
  const tsx = source ? ["--conditions=source", "--import", loader(from)] : [];
  return fork(file, [], {
    execArgv: [...heap, ...tsx],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    env,
  });
}

const loader = (from: string): string => pathToFileURL(createRequire(from).resolve("tsx")).href;

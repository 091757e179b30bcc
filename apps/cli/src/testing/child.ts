import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/countersign.js", import.meta.url));
const ENTRY = fileURLToPath(new URL("../main.ts", import.meta.url));
// By its address: the program runs in other directories than this one.
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const ARGUMENTS = ["--conditions", "source", "--import", TSX, ENTRY];

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  input?: string | Uint8Array;
}

// `npm test` has just built everything and says so; otherwise the sources are what is tested.
const PROGRAM = process.env.COUNTERSIGN_TEST_BUILT === "1" ? [BIN] : ARGUMENTS;

/** What `node` is given to run the program. */
export function command(args: readonly string[]): string[] {
  return [...PROGRAM, ...args];
}

/** Starts the real program as a process of its own. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const { COUNTERSIGN_SERVER, COUNTERSIGN_TOKEN, COUNTERSIGN_HOME, ...env } = process.env;
  return spawn(process.execPath, command(args), {
    cwd: options.cwd ?? tmpdir(),
    env: { ...env, TSX_TSCONFIG_PATH: "", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

export function run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(args, options);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin?.end(options.input ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({
        code,
        stdout: Buffer.concat(out).toString("utf8"),
        stderr: Buffer.concat(err).toString("utf8"),
      }),
    );
  });
}

/** A directory that is gone when the test process is. */
export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "countersign-cli-"));
  process.on("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}

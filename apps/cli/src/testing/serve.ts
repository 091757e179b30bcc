import type { ChildProcess } from "node:child_process";
import { start } from "./child.js";

export interface Served {
  /** What a verb needs to reach it. */
  env: Record<string, string>;
  stop(): Promise<number | null>;
}

/** Starts a control plane of its own in a directory, and waits until it answers. */
export function serveControl(cwd: string): Promise<Served> {
  const args = ["up", "--port", "0", "--data", "data", "--no-example"];
  const child = start(args, { cwd, env: { COUNTERSIGN_LOG_LEVEL: "warn" } });
  let out = "";
  let err = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => (err += chunk));
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk;
      const [, server, token] = /COUNTERSIGN_SERVER=(\S+) COUNTERSIGN_TOKEN=(\S+)/.exec(out) ?? [];
      if (server === undefined || token === undefined || !out.includes("Ctrl-C stops it.")) return;
      resolve({ env: { COUNTERSIGN_SERVER: server, COUNTERSIGN_TOKEN: token }, stop: () => stopped(child) });
    });
    child.on("close", (code) => reject(new Error(`exit ${code}: ${err}`)));
  });
}

function stopped(child: ChildProcess): Promise<number | null> {
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.kill("SIGINT");
  return code;
}

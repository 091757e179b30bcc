import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = dirname(fileURLToPath(import.meta.url));

/** Runs a program to its end, or for as long as it may take. */
export function run(file, args, { environment = process.env, timeout, cwd = HERE } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    const timer = timeout === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), timeout);
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", (error) => resolve({ code: -1, stdout, stderr: String(error) }));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}

/** One step of the training; a client that dies or hangs is a failed check. */
export async function python({ bin }, args, environment, timeout) {
  const { code, stdout, stderr } = await run(bin, args, { environment, timeout });
  const checks = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  if (code !== 0)
    checks.push({
      check: `${args[1]} ran to its end`,
      ok: false,
      detail: stderr.slice(-2_000) || `exit ${code}`,
    });
  return { checks, failed: code !== 0, state: (file) => JSON.parse(readFileSync(file, "utf8")) };
}

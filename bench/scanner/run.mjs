// Runs a scanner as a whole process with a limit of time and of memory.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIME = "/usr/bin/time";
/** A zip bomb has taken 23 GB of one peer; what hits the limit has failed. */
const MEMORY_KB = 8_000_000;
/** Nothing that is measured may ask the network, which would be slow and tell others what runs here. */
const QUIET = {
  AISBOM_NO_TELEMETRY: "1",
  AISBOM_OFFLINE: "1",
  PROMPTFOO_DISABLE_TELEMETRY: "1",
  NO_ANALYTICS: "1",
  CI: "1",
};

// SIGKILL goes to the whole group: a scanner that lives on behind SIGTERM would keep its pipes open.
/**
 * `{ status, stdout, stderr, seconds, megabytes, overrun }`. Where GNU time is here, `seconds` is what it measures, without the
 * programs that set the limits, and `megabytes` is that of the largest process.
 */
export function run(command, args, seconds = 120) {
  const measure = existsSync(TIME);
  const note = join(tmpdir(), `bench-${process.pid}.rss`);
  const inner = measure ? [TIME, "-o", note, "-f", "%M %e", command, ...args] : [command, ...args];
  const started = performance.now();
  const result = spawnSync(
    "timeout",
    ["-s", "KILL", String(seconds), "sh", "-c", `ulimit -v ${MEMORY_KB}; exec "$@"`, "sh", ...inner],
    {
      encoding: "utf8",
      maxBuffer: 1e9,
      env: { ...process.env, ...QUIET },
    },
  );
  const taken = (performance.now() - started) / 1000;
  const noted = measure && existsSync(note) ? readFileSync(note, "utf8").trim().split("\n").at(-1) : "";
  const [kilobytes = Number.NaN, elapsed = taken] = noted ? noted.split(" ").map(Number) : [];
  rmSync(note, { force: true });
  return {
    ...result,
    seconds: elapsed,
    megabytes: kilobytes / 1000,
    overrun: result.signal === "SIGKILL" || result.status === 137,
  };
}

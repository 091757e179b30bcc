import type { Io } from "./io.js";

// The only place that touches the process: streams, variables, signals and the exit code.
const controller = new AbortController();

function interrupt(signal: "SIGINT" | "SIGTERM", code: number): void {
  process.on(signal, () => {
    // A second Ctrl-C does not wait for a clean end.
    if (controller.signal.aborted) process.exit(code);
    controller.abort(signal);
  });
}
interrupt("SIGINT", 130);
interrupt("SIGTERM", 143);

// The reader of a pipe went away (`countersign log entries | head`): stop without a stack trace.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    if (!controller.signal.aborted) controller.abort("SIGPIPE");
  });
}

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: Date.now,
  signal: controller.signal,
};

const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.writableNeedDrain || stream.writableLength > 0) stream.write("", () => resolve());
    else resolve();
  });

const args = process.argv.slice(2);
// The scanning process takes as long to start as the commands take to load: both at once.
if (args[0] === "scan" && !args.includes("--help")) (await import("@countersign/scanner/ahead")).startAhead();
const { run } = await import("./run.js");
const code = await run(args, io);
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);

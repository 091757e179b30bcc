import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Reply, Task } from "./messages.js";

const MEMORY = 9;

/** Unbuilt code runs through tsx, as tests do; built code needs nothing. */
function childArguments(): { file: string; execArgv: string[] } {
  const source = import.meta.url.endsWith(".ts");
  const file = fileURLToPath(new URL(source ? "./child.ts" : "./child.js", import.meta.url));
  const heap = ["--max-old-space-size=512"];
  if (!source) return { file, execArgv: heap };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return { file, execArgv: [...heap, "--conditions=source", "--import", tsx] };
}

/** Runs a task in a process of its own, with an empty environment. Whatever the files do to it, the answer is a value. */
export async function runTask<T extends Task>(task: T, signal?: AbortSignal): Promise<Reply<T>> {
  signal?.throwIfAborted();
  const { file, execArgv } = childArguments();
  const child = fork(file, [], {
    execArgv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    env: {},
  });
  const abort = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await answer(child, task);
  } finally {
    signal?.removeEventListener("abort", abort);
    child.kill("SIGKILL");
    signal?.throwIfAborted();
  }
}

function answer<T extends Task>(child: ReturnType<typeof fork>, task: T): Promise<Reply<T>> {
  return new Promise((resolve) => {
    const seconds = Math.round(task.limits.timeMs / 1000);
    const timer = setTimeout(
      () => finish({ ok: false, reason: `Reading took more than ${seconds} seconds and was stopped.` }),
      task.limits.timeMs,
    );
    const finish = (reply: Reply<T>): void => {
      clearTimeout(timer);
      resolve(reply);
    };
    child.once("message", (reply) => finish(reply as Reply<T>));
    child.once("error", () => finish({ ok: false, reason: CRASHED }));
    child.once("exit", (code) => finish({ ok: false, reason: code === MEMORY ? TOO_LARGE : CRASHED }));
    child.send(task, (error) => error && finish({ ok: false, reason: CRASHED }));
  });
}

const CRASHED = "The process that read it ended: its files are damaged or made to do harm.";
const TOO_LARGE = "Reading it needed more memory than is allowed.";

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@countersign/api";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface ServerProcess {
  child: ChildProcess;
  url: string;
  /** With an admin token, got by the login code as a browser would. */
  client: Client;
  signal(name: NodeJS.Signals): Promise<number | null>;
}

export interface Failed {
  code: number | null;
  stderr: string;
}

/** The server as a process of its own, as `countersign up` runs it. */
export async function spawnServer(
  directory: string,
  token?: string,
): Promise<ServerProcess & { token: string }> {
  const { child, exit, stdout, stderr } = launch(directory);
  const started = await Promise.race([stdout(/ready at (\S+)\n.*#code=(\S+)\n/), exit]);
  if (started === null || typeof started === "number") throw new Error(`the server ended: ${stderr()}`);
  const [, url = "", code = ""] = started;
  const text = token ?? (await tokenFrom(url, code));
  const signal = (name: NodeJS.Signals) => {
    child.kill(name);
    return exit;
  };
  return { child, url, token: text, client: createClient({ baseUrl: url, token: text }), signal };
}

/** For a start that must fail. */
export async function failToStart(directory: string): Promise<Failed> {
  const { exit, stderr } = launch(directory);
  return { code: await exit, stderr: stderr() };
}

function launch(directory: string): {
  child: ChildProcess;
  exit: Promise<number | null>;
  stdout: (pattern: RegExp) => Promise<RegExpExecArray>;
  stderr: () => string;
} {
  const flags = ["--directory", directory, "--port", "0", "--no-example"];
  const env = {
    ...process.env,
    COUNTERSIGN_LOG_LEVEL: "warn",
    COUNTERSIGN_DRAIN_MS: "2000",
    NODE_OPTIONS: "",
  };
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=source", MAIN, ...flags], { env });
  let [out, err] = ["", ""];
  const listeners = new Set<() => void>();
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
    for (const listen of listeners) listen();
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const stdout = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(out);
        if (found) resolve(found);
      };
      listeners.add(look);
      look();
    });
  return { child, exit, stdout, stderr: () => err };
}

async function tokenFrom(url: string, code: string): Promise<string> {
  const json = { "content-type": "application/json", origin: url };
  const body = JSON.stringify({ code });
  const login = await fetch(`${url}/api/v1/session`, { method: "POST", headers: json, body });
  const cookie = login.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const headers = { ...json, cookie };
  const asked = { label: "test", scope: "admin" };
  const made = await fetch(`${url}/api/v1/tokens`, { method: "POST", headers, body: JSON.stringify(asked) });
  return ((await made.json()) as { token: string }).token;
}

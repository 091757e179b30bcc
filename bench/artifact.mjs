// One large artifact up and down: how fast, and what memory the server takes meanwhile.
//   npm run build && node bench/artifact.mjs [--gigabytes 10]     Needs as much free space below the system's temporary directory.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { gigabytes: { type: "string", default: "10" } } });
const bytes = Number(values.gigabytes) * 1024 ** 3;
const CHUNK = Buffer.alloc(1 << 20, 7);
const root = await mkdtemp(join(tmpdir(), "bench-artifact-"));
const main = fileURLToPath(new URL("../apps/control/dist/main.js", import.meta.url));
const flags = [main, "--directory", join(root, "data"), "--port", "0", "--no-example"];
const env = { ...process.env, COUNTERSIGN_LOG_LEVEL: "error" };
const child = spawn(process.execPath, flags, { env, stdio: ["ignore", "pipe", "inherit"] });

try {
  const { url, authorization } = await ready();
  const made = await fetch(`${url}/api/2.0/mlflow/runs/create`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ experiment_id: "0" }),
  });
  const { run } = await made.json();
  const path = `${url}/api/2.0/mlflow-artifacts/artifacts/0/${run.info.run_id}/artifacts/large.bin`;
  const before = await memory();
  const up = await watched(() => send(path, authorization));
  const down = await watched(async () => {
    const response = await fetch(path, { headers: { authorization } });
    await pipeline(
      Readable.fromWeb(response.body),
      new Writable({ write: (_chunk, _encoding, done) => done() }),
    );
  });
  const result = { gigabytes: Number(values.gigabytes), memoryBeforeMB: before, up, down };
  console.log(
    `${values.gigabytes} GB: up ${up.MBps} MB/s, at most ${up.memoryMB} MB of memory; down ${down.MBps} MB/s, ${down.memoryMB} MB; before ${before} MB`,
  );
  console.log(JSON.stringify(result));
} finally {
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  await rm(root, { recursive: true, force: true });
}

async function watched(work) {
  let most = 0;
  const timer = setInterval(async () => {
    most = Math.max(most, await memory());
  }, 100);
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1_000;
  clearInterval(timer);
  return { MBps: Math.round(bytes / 2 ** 20 / seconds), memoryMB: most };
}

function send(path, authorization) {
  const content = Readable.from(
    (function* () {
      for (let left = bytes; left > 0; left -= CHUNK.length)
        yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
    })(),
  );
  return new Promise((resolve, reject) => {
    const headers = { authorization, "content-length": bytes };
    const call = request(path, { method: "PUT", headers }, (response) => {
      response
        .resume()
        .on("end", () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`)),
        );
    });
    pipeline(content, call).catch(reject);
  });
}

/** Resident memory of the server's own process. */
async function memory() {
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

async function ready() {
  let out = "";
  const [, url, code] = await new Promise((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      out += chunk;
      const found = /ready at (\S+)\n.*#code=(\S+)\n/.exec(out);
      if (found) resolve(found);
    });
  });
  const headers = { "content-type": "application/json", origin: url };
  const login = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers,
    body: JSON.stringify({ code }),
  });
  const cookie = login.headers.getSetCookie()[0].split(";")[0];
  const body = JSON.stringify({ label: "bench", scope: "write" });
  const made = await fetch(`${url}/api/v1/tokens`, { method: "POST", headers: { ...headers, cookie }, body });
  return { url, authorization: `Bearer ${(await made.json()).token}` };
}

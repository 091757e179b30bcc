// Batched metric logging beside MLflow's own server with its default store, both on this machine and in one run.
//   python3 -m venv /tmp/mlflow && /tmp/mlflow/bin/pip install mlflow        Once; any version from 3.0.
//   npm run build && node bench/mlflow.mjs --venv /tmp/mlflow [--batches 60] [--clients 4]
// Both servers are processes of their own with their defaults: MLflow with SQLite and its workers, Countersign with its embedded
// PostgreSQL, fsync on, and a token to check. They take turns, so that both see the same machine. "wire" sends the requests of
// log_batch over kept connections; "client" is MLflow's own Python client.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const { values } = parseArgs({
  options: {
    venv: { type: "string" },
    batches: { type: "string", default: "60" },
    clients: { type: "string", default: "4" },
  },
});
if (!values.venv) {
  console.error("node bench/mlflow.mjs --venv PATH    of a Python environment with mlflow installed");
  process.exit(2);
}
const [batches, clients] = [Number(values.batches), Number(values.clients)];
const python = join(values.venv, "bin", "python");
const root = await mkdtemp(join(tmpdir(), "bench-mlflow-"));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const children = [];

const CLIENT = `
import os, sys, time
import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
batches = int(sys.argv[1])
run = client.create_run("0").info.run_id
client.log_batch(run, [Metric("warm", 1.0, 1, 1)])
begin = time.time()
for b in range(batches):
    client.log_batch(run, [Metric(f"m{i % 10}", float(i), 1700000000000 + i, b * 100 + i // 10) for i in range(1000)])
print((batches * 1000) / (time.time() - begin))
`;

const SHAPES = [
  { name: "1,000 metrics a batch, one client", size: 1_000, rounds: batches, clients: 1 },
  { name: `1,000 metrics a batch, ${clients} clients`, size: 1_000, rounds: batches, clients },
  { name: `10 metrics a batch, ${clients} clients`, size: 10, rounds: batches * 5, clients },
];

try {
  const version = (
    await promisify(execFile)(python, ["-c", "import mlflow; print(mlflow.__version__)"])
  ).stdout.trim();
  const peers = { mlflow: await startMlflow(), countersign: await startCountersign() };
  const result = { mlflow: version, batches };
  for (const shape of SHAPES) result[shape.name] = await compare((peer) => wire(peer, shape), peers);
  result["MLflow's client, 1,000 a batch"] = await compare((peer) => client(peer), peers);
  for (const [name, { ratio, countersign, mlflow }] of Object.entries(result).filter(([, v]) => v.ratio)) {
    console.log(`${name}: ${countersign} metrics/s, MLflow ${version} ${mlflow}: ${ratio}x`);
  }
  console.log(JSON.stringify(result));
} finally {
  agent.destroy();
  for (const child of children) await stop(child);
  await rm(root, { recursive: true, force: true });
}

/** Turn and turn about, three times; the better of each counts. */
async function compare(measure, peers) {
  const best = { mlflow: 0, countersign: 0 };
  for (let turn = 0; turn < 3; turn++) {
    for (const name of turn % 2 ? ["countersign", "mlflow"] : ["mlflow", "countersign"]) {
      best[name] = Math.max(best[name], await measure(peers[name]));
    }
  }
  const ratio = Number((best.countersign / best.mlflow).toFixed(2));
  return { ratio, countersign: Math.round(best.countersign), mlflow: Math.round(best.mlflow) };
}

/** Metrics a second. */
async function wire(peer, { size, rounds, clients: n }) {
  const bodies = await Promise.all(Array.from({ length: n }, () => newRun(peer)));
  const begin = performance.now();
  await Promise.all(
    bodies.map(async (run_id) => {
      for (let b = 0; b < rounds; b++) {
        const metrics = Array.from({ length: size }, (_, i) => ({
          key: `m${i % 10}`,
          value: Math.sin(i) * b,
          timestamp: 1_700_000_000_000 + i,
          step: b * size + i,
        }));
        await post(peer, "runs/log-batch", { run_id, metrics });
      }
    }),
  );
  return (n * rounds * size * 1_000) / (performance.now() - begin);
}

async function newRun(peer) {
  const made = await post(peer, "runs/create", { experiment_id: "0", start_time: Date.now() });
  await post(peer, "runs/log-batch", {
    run_id: made.run.info.run_id,
    metrics: [{ key: "warm", value: 1, timestamp: 1, step: 1 }],
  });
  return made.run.info.run_id;
}

async function client(peer) {
  const env = {
    ...process.env,
    MLFLOW_TRACKING_URI: peer.url,
    MLFLOW_TRACKING_TOKEN: peer.token,
    PYTHONWARNINGS: "ignore",
  };
  const { stdout } = await promisify(execFile)(python, ["-c", CLIENT, String(Math.ceil(batches / 2))], {
    env,
    cwd: root,
  });
  return Number(stdout.trim().split("\n").at(-1));
}

function post({ url, token }, path, body) {
  return new Promise((resolve, reject) => {
    const text = Buffer.from(JSON.stringify(body));
    const headers = {
      "content-type": "application/json",
      "content-length": text.length,
      authorization: `Bearer ${token}`,
    };
    const call = request(
      `${url}/api/2.0/mlflow/${path}`,
      { method: "POST", agent, headers },
      async (response) => {
        let answer = "";
        for await (const chunk of response.setEncoding("utf8")) answer += chunk;
        if (response.statusCode === 200) resolve(JSON.parse(answer || "{}"));
        else reject(new Error(`${path}: ${response.statusCode} ${answer.slice(0, 200)}`));
      },
    );
    call.on("error", reject).end(text);
  });
}

async function startMlflow() {
  const cwd = join(root, "mlflow");
  await mkdir(cwd);
  const port = await freePort();
  const flags = ["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port)];
  // In a process group of its own: it starts workers that would outlive it.
  const child = spawn(python, flags, { cwd, detached: true, stdio: "ignore" });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  for (let left = 300; left > 0; left--) {
    const there = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (there) return { url, token: "" };
    await sleep(200);
  }
  throw new Error("MLflow's server did not start");
}

async function startCountersign() {
  const main = fileURLToPath(new URL("../apps/control/dist/main.js", import.meta.url));
  const directory = join(root, "countersign", "data");
  await mkdir(join(root, "countersign"), { mode: 0o711 });
  const flags = [main, "--directory", directory, "--port", "0", "--no-example"];
  const env = { ...process.env, COUNTERSIGN_LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, flags, { env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let out = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    out += chunk;
    const [, url, code] = /ready at (\S+)\n.*#code=(\S+)\n/.exec(out) ?? [];
    if (code) return { url, token: await tokenFor(url, code) };
  }
  throw new Error("Countersign did not start");
}

async function tokenFor(url, code) {
  const headers = { "content-type": "application/json", origin: url };
  const login = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers,
    body: JSON.stringify({ code }),
  });
  const cookie = login.headers.getSetCookie()[0].split(";")[0];
  const body = JSON.stringify({ label: "bench", scope: "write" });
  const made = await fetch(`${url}/api/v1/tokens`, { method: "POST", headers: { ...headers, cookie }, body });
  return (await made.json()).token;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-child.pid, "SIGTERM");
  await Promise.race([ended, sleep(15_000)]);
}

// The control plane over HTTP: start to ready, memory of all processes, the gate on a long log, and the log behind HTTP.
//   node bench/http.mjs [--entries 20000] [--attestations 200] [--rounds 300] [--leaves 50000]     Build first.
// The API has no route that appends raw leaves, on purpose; for "log over HTTP" a bare node:http handler stands before
// the log, one request with 256 leaves at a time on eight connections, against a raw probe of the same bytes.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseConfig, startControl } from "@countersign/control";
import { generateKey, keySigner, makeStatement, sha256, signStatement } from "@countersign/evidence";
import { encodeLeaf, PREDICATE_TYPES } from "@countersign/facts";
import { fileStore, openLog } from "@countersign/log";
import { layoutOf, openWorkspace, readPin } from "@countersign/workspace";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "20000" },
    attestations: { type: "string", default: "200" },
    rounds: { type: "string", default: "300" },
    leaves: { type: "string", default: "50000" },
  },
});
const [entries, attestations, rounds, leaves] = ["entries", "attestations", "rounds", "leaves"].map((name) =>
  Number(values[name]),
);
const BATCH = 256;
const root = await mkdtemp(join(tmpdir(), "bench-http-"));
const directory = join(root, "data");
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const percentile = (times, part) => times.sort((a, b) => a - b)[Math.ceil(times.length * part) - 1];
const round = (value) => Number(value.toFixed(2));

try {
  const result = { entries, attestations, ...(await gateOverHttp()), ...(await logOverHttp()) };
  console.log(
    `gate over HTTP with ${entries} entries and ${attestations} attestations: p95 ${result.gateP95Ms} ms (cold ${result.coldMs} ms); ready in ${result.readyMs} ms; ${result.rssMB} MB in all processes; log over HTTP ${result.logRatio}x of the probe`,
  );
  console.log(JSON.stringify(result));
} finally {
  agent.destroy();
  await rm(root, { recursive: true, force: true });
}

async function gateOverHttp() {
  await mkdir(directory, { recursive: true, mode: 0o711 });
  await fill();
  const config = parseConfig({ directory, port: 0, example: false, logLevel: "warn" }, {});
  let control = await startControl(config);
  const replayed = await attest(control);
  await control.close();
  const started = performance.now();
  control = await startControl(config);
  const readyMs = Math.round(performance.now() - started);
  const { token } = await control.newToken({ label: "bench", scope: "write" });
  const ask = (subject) =>
    post(`${control.url}/api/v1/workspaces/default/gate`, token, {
      gate: "promote",
      subject,
      environment: "staging",
    });
  const times = [];
  for (let n = 0; n <= rounds; n++) {
    const from = performance.now();
    const { status } = await ask(replayed);
    if (status !== 200) throw new Error(`the gate answered ${status}`);
    times.push(performance.now() - from);
  }
  const rssMB = await memory();
  await control.close();
  const [cold, ...warm] = times;
  return {
    readyMs,
    coldMs: round(cold),
    gateP50Ms: round(percentile(warm, 0.5)),
    gateP95Ms: round(percentile(warm, 0.95)),
    rssMB,
  };
}

/** Entries about other subjects: what a gate must not have to read. */
async function fill() {
  const workspace = await openWorkspace({ directory, clock: Date.now });
  const signer = await workspace.keyring.signer("log");
  const { keyId } = workspace.service.publicKey;
  await workspace.close();
  const { origin } = await readPin(directory);
  const log = await openLog({ store: fileStore(layoutOf(directory).log), origin, signer, clock: Date.now });
  const head = {
    v: 1,
    at: Date.now(),
    workspace: "default",
    predicate: "scan",
    outcome: "positive",
    signer: keyId,
  };
  for (let from = 0; from < entries; from += 4096) {
    const count = Math.min(4096, entries - from);
    await log.append(
      Array.from({ length: count }, (_, n) => {
        const digest = sha256(Buffer.from(`${from + n}`));
        return encodeLeaf({ ...head, envelope: digest, subjects: [digest] });
      }),
    );
  }
  await log.close();
}

async function attest({ workspace }) {
  const path = join(root, "model");
  await mkdir(path);
  await writeFile(join(path, "config.json"), "{}");
  const author = await workspace.keyring.signer("author");
  const { artifact } = await workspace.admit({
    path,
    name: "model",
    licence: "mit",
    origin: "bench",
    submitter: "author",
    author,
  });
  for (let n = 0; n < attestations; n++) {
    const subject = [{ digest: { sha256: artifact.slice(7) } }];
    const statement = makeStatement(subject, PREDICATE_TYPES.declaration, { tags: { [`t${n}`]: "x" } });
    await workspace.submit(await signStatement(statement, author));
  }
  return artifact;
}

/** Resident memory of this process and of all below it. Shared pages count once for each, as `ps` shows them. */
async function memory() {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,rss="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const ours = new Set([process.pid]);
  for (let grown = true; grown; ) {
    const before = ours.size;
    for (const [pid, parent] of rows) if (ours.has(parent)) ours.add(pid);
    grown = ours.size > before;
  }
  const own = Number(
    /VmRSS:\s+(\d+)/.exec(await readFile("/proc/self/status", "utf8").catch(() => ""))?.[1] ?? 0,
  );
  const kb = rows
    .filter(([pid]) => ours.has(pid))
    .reduce((sum, [pid, , rss]) => sum + (pid === process.pid ? own || rss : rss), 0);
  return Math.round(kb / 1000);
}

function requests() {
  return Array.from({ length: Math.ceil(leaves / BATCH) }, (_, at) => {
    const block = Buffer.alloc(BATCH * 256, 7);
    for (let n = 0; n < BATCH; n++) block.writeUInt32BE(at * BATCH + n, n * 256);
    return block;
  });
}

async function logOverHttp() {
  const blocks = requests();
  const ratios = [];
  for (let turn = 0; turn < 3; turn++)
    ratios.push((await timeLog(blocks, turn)) / (await probe(blocks, turn)));
  return { logRatio: round(percentile(ratios, 0.5)) };
}

async function probe(blocks, turn) {
  const file = await open(join(root, `probe-${turn}`), "a");
  const from = performance.now();
  for (const block of blocks) {
    await file.write(block);
    await file.datasync();
  }
  const seconds = (performance.now() - from) / 1000;
  await file.close();
  return (blocks.length * BATCH) / seconds;
}

async function timeLog(blocks, turn) {
  const signer = keySigner(generateKey("ed25519").privatePem);
  const store = fileStore(join(root, `log-${turn}`));
  const log = await openLog({ store, origin: "bench.example/log", signer, clock: Date.now });
  const server = createServer((incoming, response) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", async () => {
      const body = Buffer.concat(chunks);
      const parts = Array.from({ length: body.length / 256 }, (_, n) =>
        body.subarray(n * 256, n * 256 + 256),
      );
      response.end(JSON.stringify(await log.append(parts)));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const from = performance.now();
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < blocks.length; at = next++) await send(url, {}, blocks[at]);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  const seconds = (performance.now() - from) / 1000;
  await log.close();
  await new Promise((resolve) => server.close(resolve));
  return (blocks.length * BATCH) / seconds;
}

function post(url, token, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return send(url, headers, Buffer.from(JSON.stringify(body)));
}

function send(url, headers, body) {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      { method: "POST", agent, headers: { ...headers, "content-length": body.length } },
      (response) => {
        response.resume();
        response.on("end", () => resolve({ status: response.statusCode }));
      },
    );
    call.on("error", reject).end(body);
  });
}

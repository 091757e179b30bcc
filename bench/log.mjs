// The log against a raw probe that appends and fdatasyncs the same bytes in the same batches on the same disk.
//   node bench/log.mjs [--full] [--dir DIRECTORY]
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, keySigner } from "@countersign/evidence";
import { fileStore, openLog } from "@countersign/log";
import { hashNow, provesInclusion } from "@countersign/log/proof";

const full = process.argv.includes("--full");
const place = process.argv.includes("--dir") ? process.argv[process.argv.indexOf("--dir") + 1] : tmpdir();
const directory = mkdtempSync(join(place, "countersign-bench-"));
const BATCH = 256;
const LEAF = 256;
const ENTRIES = full ? 1_000_000 : 150_000;
const ROUNDS = 5;
const SECONDS = full ? 10 : 2;

let made = 0;
function makeRequest() {
  return Array.from({ length: BATCH }, () => {
    const leaf = Buffer.alloc(LEAF, 7);
    leaf.writeUInt32BE(made++);
    return leaf;
  });
}

const now = () => Number(process.hrtime.bigint()) / 1e6;
const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];
const percentile = (values, p) => values.slice().sort((a, b) => a - b)[Math.floor((values.length - 1) * p)];
const round = (value, digits = 2) => Number(value.toFixed(digits));

/** Appends and fdatasyncs the bytes of each request: entries a second. */
async function probe(name, requests) {
  const file = await open(join(directory, name), "a");
  const blocks = requests.map((leaves) => Buffer.concat(leaves));
  const start = now();
  for (const block of blocks) {
    await file.write(block);
    await file.datasync();
  }
  const elapsed = now() - start;
  await file.close();
  rmSync(join(directory, name));
  return (requests.length * BATCH * 1000) / elapsed;
}

/** The same bytes through the log, with so many requests in flight: acknowledged entries a second. */
async function append(log, requests, inFlight) {
  const queue = requests.slice();
  const start = now();
  const worker = async () => {
    for (let leaves = queue.pop(); leaves; leaves = queue.pop()) await log.append(leaves);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (requests.length * BATCH * 1000) / (now() - start);
}

/** 1,000 single entries a second, for a while: how long each waits for its acknowledgement, in milliseconds. */
async function steady(log) {
  const waits = [];
  const pending = [];
  const start = now();
  for (let sent = 0; sent < 1000 * SECONDS; ) {
    const due = Math.min(1000 * SECONDS, Math.floor(now() - start));
    for (; sent < due; sent++) {
      const leaf = Buffer.from(`steady ${sent}`.padEnd(LEAF));
      const begun = now();
      pending.push(log.append([leaf]).then(() => waits.push(now() - begun)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  return {
    p50: round(percentile(waits, 0.5)),
    p99: round(percentile(waits, 0.99)),
    max: round(Math.max(...waits)),
  };
}

/** A proof of the length that 2^20 leaves need. */
function proofMilliseconds() {
  const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
  const path = Array.from({ length: 20 }, (_, i) => sha256(Buffer.from(`sibling ${i}`)));
  const leaf = sha256(Buffer.from("leaf"));
  const root = path.reduce((hash, sibling) => sha256(Buffer.concat([Buffer.of(1), hash, sibling])), leaf);
  const times = [];
  for (let i = 0; i < 1000; i++) {
    const start = now();
    if (!hashNow(provesInclusion(0, 2 ** 20, leaf, path, root), sha256))
      throw new Error("the proof must verify");
    times.push(now() - start);
  }
  return { p50: round(percentile(times, 0.5), 4), p99: round(percentile(times, 0.99), 4) };
}

try {
  const signer = keySigner(generateKey("ed25519").privatePem);
  const log = await openLog({
    store: fileStore(join(directory, "log")),
    origin: "example.com/bench",
    signer,
    clock: Date.now,
  });
  const rounds = { probe: [], one: [], eight: [] };
  const perRound = Math.ceil(ENTRIES / BATCH / ROUNDS / 2);
  await append(log, Array.from({ length: 100 }, makeRequest), 8);
  for (let i = 0; i < ROUNDS; i++) {
    const requests = Array.from({ length: perRound }, makeRequest);
    const others = Array.from({ length: perRound }, makeRequest);
    // The probe gets the disk to itself: nothing of ours is left to be published.
    await log.checkpoint();
    rounds.probe.push(await probe(`probe-${i}`, requests));
    rounds.one.push(await append(log, requests, 1));
    await log.checkpoint();
    rounds.eight.push(await append(log, others, 8));
  }
  const burst = Array.from({ length: perRound }, makeRequest);
  await log.checkpoint();
  const settle = now();
  await append(log, burst, 8);
  await log.checkpoint();
  const published = (burst.length * BATCH * 1000) / (now() - settle);
  const result = {
    bench: "log",
    entries: log.size,
    leafBytes: LEAF,
    perRequest: BATCH,
    probePerSecond: Math.round(median(rounds.probe)),
    appendPerSecond: Math.round(median(rounds.one)),
    appendPerSecond8: Math.round(median(rounds.eight)),
    ratio: round(median(rounds.one.map((value, i) => value / rounds.probe[i]))),
    ratio8: round(median(rounds.eight.map((value, i) => value / rounds.probe[i]))),
    publishedPerSecond: Math.round(published),
    acknowledgeMs: await steady(log),
    proofVerifyMs: proofMilliseconds(),
  };
  const closing = now();
  await log.close();
  const opening = now();
  const again = await openLog({
    store: fileStore(join(directory, "log")),
    origin: "example.com/bench",
    signer,
    clock: Date.now,
  });
  Object.assign(result, {
    closeMs: round(opening - closing),
    openMs: round(now() - opening),
    rssMB: Math.round(process.memoryUsage().rss / 2 ** 20),
  });
  await again.close();
  console.log(
    `log: ${result.appendPerSecond8}/s with 8 requests of ${BATCH} in flight, ${result.ratio8}x of the probe's ` +
      `${result.probePerSecond}/s; one at a time ${result.appendPerSecond}/s (${result.ratio}x); with tiles published ` +
      `${result.publishedPerSecond}/s; at 1,000/s acknowledged in p50 ` +
      `${result.acknowledgeMs.p50} ms, p99 ${result.acknowledgeMs.p99} ms; a proof at 2^20 verifies in ` +
      `${result.proofVerifyMs.p50} ms; ${result.entries} entries open in ${result.openMs} ms`,
  );
  console.log(JSON.stringify(result));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

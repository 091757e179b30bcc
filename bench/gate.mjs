// How long a gate takes on a long log: node bench/gate.mjs [--entries 1000000] [--attestations 200] [--policies 50]
// Fills a log, replays it, then asks the promote gate warm and cold. Build first: npm run build.
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeStatement, sha256, signStatement } from "@countersign/evidence";
import { encodeLeaf, PREDICATE_TYPES } from "@countersign/facts";
import { fileStore, openLog } from "@countersign/log";
import { STARTER_POLICIES } from "@countersign/policy";
import { layoutOf, openWorkspace, readPin } from "@countersign/workspace";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "100000" },
    attestations: { type: "string", default: "200" },
    policies: { type: "string", default: "50" },
    rounds: { type: "string", default: "300" },
  },
});
const [entries, attestations, policies, rounds] = [
  values.entries,
  values.attestations,
  values.policies,
  values.rounds,
].map(Number);
const root = await mkdtemp(join(tmpdir(), "bench-gate-"));
const directory = join(root, "data");
const policyDirectory = join(root, "policies");
const text = new TextEncoder();
const ms = (from) => performance.now() - from;
const percentile = (times, part) => times.sort((a, b) => a - b)[Math.ceil(times.length * part) - 1];

try {
  await writePolicies();
  await fill();
  const started = performance.now();
  let workspace = await open();
  const replay = ms(started) / 1000;
  const artifact = await attest(workspace);
  const warm = await time(workspace, rounds, artifact);
  await workspace.close();
  workspace = await open();
  const [cold] = await time(workspace, 1, artifact);
  await workspace.close();
  const result = {
    entries,
    attestations,
    policies,
    replaySeconds: Number(replay.toFixed(2)),
    warmP50Ms: Number(percentile(warm, 0.5).toFixed(2)),
    warmP95Ms: Number(percentile(warm, 0.95).toFixed(2)),
    coldMs: Number(cold.toFixed(1)),
    rssMB: Math.round(process.memoryUsage().rss / 1e6),
  };
  console.log(
    `${entries} entries replayed in ${result.replaySeconds} s; gate with ${attestations} attestations and ${policies} policies: warm p95 ${result.warmP95Ms} ms, cold ${result.coldMs} ms; ${result.rssMB} MB`,
  );
  console.log(JSON.stringify(result));
} finally {
  await rm(root, { recursive: true, force: true });
}

function open() {
  return openWorkspace({ directory, clock: Date.now, policies: policyDirectory });
}

async function writePolicies() {
  await mkdir(policyDirectory, { recursive: true });
  const starters = (await readdir(STARTER_POLICIES)).filter((name) => name.endsWith(".cedar"));
  for (const name of starters) await copyFile(join(STARTER_POLICIES, name), join(policyDirectory, name));
  for (let n = starters.length; n < policies; n++) {
    const policy = `@id("extra-${n}")\n@reason("Findings of rule ${n} are not wanted here.")\n@remedy("countersign scan")\nforbid(principal, action, resource) when { resource.scan.findings.contains("rule-${n}") };\n`;
    await writeFile(join(policyDirectory, `extra-${n}.cedar`), policy);
  }
}

async function fill() {
  const workspace = await open();
  const signer = await workspace.keyring.signer("log");
  const { keyId } = workspace.service.publicKey;
  await workspace.close();
  const { origin } = await readPin(directory);
  const log = await openLog({ store: fileStore(layoutOf(directory).log), origin, signer, clock: Date.now });
  const at = Date.now();
  for (let from = 0; from < entries; from += 4096) {
    const leaves = Array.from({ length: Math.min(4096, entries - from) }, (_, n) => {
      const digest = sha256(text.encode(`${from + n}`));
      return encodeLeaf({
        v: 1,
        at,
        workspace: "default",
        predicate: "scan",
        outcome: "positive",
        envelope: digest,
        signer: keyId,
        subjects: [digest],
      });
    });
    await log.append(leaves);
  }
  await log.close();
}

async function attest(workspace) {
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
    const statement = makeStatement(
      [{ digest: { sha256: artifact.slice(7) } }],
      PREDICATE_TYPES.declaration,
      { tags: { [`t${n}`]: "x" } },
    );
    await workspace.submit(await signStatement(statement, author));
  }
  return artifact;
}

async function time(workspace, count, artifact) {
  const times = [];
  for (let n = 0; n < count; n++) {
    const from = performance.now();
    await workspace.gate({ gate: "promote", subject: artifact, environment: "staging", principal: "author" });
    times.push(ms(from));
  }
  return times;
}

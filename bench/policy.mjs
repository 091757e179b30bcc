// How long a decision takes in process, and whether deciding often keeps memory. `node bench/policy.mjs` after a build.
import { evaluate, loadPolicies } from "../packages/policy/dist/index.js";

const POLICIES = 50;
const WARM_UP = 500;
const RUNS = 3_000;
const LEAK_RUNS = Number(process.argv[2] ?? 20_000);

const digest = `sha256:${"0".repeat(64)}`;
const head = (id) => `@id("${id}") @reason("{name}") @remedy("countersign status")`;
const condition = (i) =>
  `resource.scan.verdict == Verdict::"malicious" && resource.scan.findings.contains("rule-${i}")
   || context.environment == "zone-${i}" && resource.declaration.licence != "mit"`;
const forbids = Array.from(
  { length: POLICIES - 2 },
  (
    _,
    i,
  ) => `${head(`forbid-${i}`)} forbid (principal, action in [Action::"promote", Action::"deploy"], resource)
  when { ${condition(i)} };`,
);
const set = loadPolicies({
  "bench.cedar": [
    `${head("permit")} permit (principal, action, resource);`,
    `${head("approval")} forbid (principal, action, resource)
     when { context.environment == "production" } unless { context.approvals.count >= 2 };`,
    ...forbids,
  ].join("\n"),
});

// 200 attestations on the subject: approvals, findings and signers among them.
const approval = (i) => ({
  principal: `p${i}`,
  action: "deploy",
  environment: "production",
  role: "reviewer",
});
const request = (environment, approvals) => ({
  gate: "promote",
  environment,
  principal: "robot",
  eligibleApprovers: Array.from({ length: 20 }, (_, i) => ({ principal: `q${i}`, role: "reviewer" })),
  facts: {
    artifact: { digest, name: "bench", files: 12, formats: ["onnx", "safetensors"] },
    scan: {
      present: true,
      verdict: "clean",
      filesUnscanned: 0,
      expired: false,
      producers: ["countersign"],
      findings: Array.from({ length: 50 }, (_, i) => `info-${i}`),
      worst: "",
    },
    signature: { present: true, signers: Array.from({ length: 50 }, (_, i) => `s${i}`) },
    declaration: { licence: "apache-2.0", origin: "in-house", tags: { team: "risk" } },
    authors: ["author"],
    approvals: [...Array.from({ length: 100 }, (_, i) => approval(i)), ...approvals],
    negatives: [],
  },
});

function measure(title, question) {
  for (let i = 0; i < WARM_UP; i++) evaluate(set, question);
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    evaluate(set, question);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  const at = (share) => times[Math.floor(RUNS * share)].toFixed(3);
  const { outcome } = evaluate(set, question);
  console.log(
    `${title.padEnd(28)} ${outcome.padEnd(8)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  p99 ${at(0.99)} ms`,
  );
}

console.log(`${set.policies.size} policies, about 200 attestations on the subject`);
measure("staging", request("staging", []));
measure("production, unapproved", request("production", []));
const given = [1, 2].map((i) => ({ ...approval(`-${i}`), action: "promote" }));
measure("production, approved", request("production", given));

globalThis.gc?.();
const before = process.memoryUsage().rss;
const question = request("production", []);
for (let i = 0; i < LEAK_RUNS; i++) evaluate(set, question);
globalThis.gc?.();
const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
console.log(`${LEAK_RUNS} more decisions changed the process by ${grown.toFixed(1)} MB`);

// Trains with real MLflow clients against this server: node conformance/mlflow/run.mjs [3.0 3.6 newest]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareClients } from "./clients.mjs";
import { countersign, startServer } from "./server.mjs";
import { python } from "./spawn.mjs";

const STEP_MS = 5 * 60_000;

const clients = await prepareClients(process.argv.slice(2));
if (clients.skipped) {
  console.log(`skipped: ${clients.skipped}`);
  process.exit(0);
}
const place = await mkdtemp(join(tmpdir(), "countersign-mlflow-"));
const server = await startServer(place);
const totals = { clients: 0, passed: 0, all: 0 };
try {
  for (const client of clients.ready) {
    const checks = await train(client);
    const good = checks.filter(({ ok }) => ok).length;
    for (const { check, ok, detail } of checks)
      console.log(`  ${ok ? "ok  " : "FAIL"} ${check}${ok ? "" : `\n         ${detail}`}`);
    console.log(`client ${client.label} (${client.version}): ${good}/${checks.length}`);
    totals.clients += good === checks.length ? 1 : 0;
    totals.passed += good;
    totals.all += checks.length;
  }
} finally {
  await server.close();
  await rm(place, { recursive: true, force: true });
}
for (const { label, reason } of clients.missing) console.log(`client ${label}: not installed: ${reason}`);
const wanted = clients.ready.length + clients.missing.length;
console.log(`mlflow: clients ${totals.clients}/${wanted}, checks ${totals.passed}/${totals.all}`);
process.exit(totals.clients === wanted && totals.passed === totals.all ? 0 : 1);

/** One client's way: refused, then signed, declared and approved with the commands that the refusal named, then revoked. */
async function train(client) {
  const state = join(place, `${client.label}.json`);
  const step = (name) => python(client, ["train.py", name, state], server.environment(), STEP_MS);
  const before = await step("before");
  if (before.failed) return before.checks;
  const artifact = before.state(state).artifact;
  const commands = await approve(artifact);
  const after = await step("after");
  commands.push(await revokeApproval(artifact));
  const revoked = await step("revoked");
  return [...before.checks, ...commands, ...after.checks, ...revoked.checks];
}

async function approve(artifact) {
  const licence = ["--licence", "BSD-3-Clause", "--origin", "https://example.com/tumours"];
  return [
    await command("sign", [artifact, "--record", "--key", server.key("author")]),
    await command("declare", [artifact, ...licence]),
    await command("approve", [artifact, "--environment", "production", "--key", server.key("approver")]),
  ];
}

async function revokeApproval(artifact) {
  const envelope = await server.approvalOf(artifact);
  return command("revoke", [envelope, "--key", server.key("approver")]);
}

async function command(verb, rest) {
  const { code, output } = await countersign([verb, ...rest], server.environment());
  return { check: `countersign ${verb}`, ok: code === 0, detail: output };
}

// An unmodified OpenLineage client sends events to a real server; the graph must say what they said.   Build first.
//   node conformance/openlineage/run.mjs [--client openlineage-python==1.54.0]
// Exits 0 when all checks hold, 1 when one fails, and 0 with a word about it where PyPI is not reachable.
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { createClient } from "@countersign/api";
import { parseConfig, startControl } from "@countersign/control";

const { values } = parseArgs({ options: { client: { type: "string", default: "openlineage-python" } } });
const run = promisify(execFile);
const place = await mkdtemp(join(tmpdir(), "openlineage-"));
const python = join(place, "client", "bin", "python");
const RAW = "external:postgres://warehouse:5432/public.people";
const FEATURES = "external:postgres://warehouse:5432/public.features";
const RUN = "run:01941f297c007087894040e509060000";

async function installed() {
  try {
    await run("python3", ["-m", "venv", join(place, "client")]);
    await run(python, ["-m", "pip", "install", "-q", "--retries", "0", "--timeout", "20", values.client]);
    const { stdout } = await run(python, ["-m", "pip", "show", "openlineage-python"]);
    return /^Version: (.*)$/m.exec(stdout)?.[1];
  } catch (error) {
    console.log(
      `skipped: ${values.client} cannot be installed here (${String(error.stderr ?? error)
        .trim()
        .split("\n")
        .at(-1)})`,
    );
    return undefined;
  }
}

async function check(version) {
  await chmod(place, 0o711);
  const config = parseConfig(
    { directory: join(place, "data"), port: 0, example: false, logLevel: "error" },
    {},
  );
  const control = await startControl(config, { destination: { write: () => {} } });
  try {
    const { token } = await control.newToken({ label: "openlineage", scope: "write" });
    const client = createClient({ baseUrl: control.url, token });
    const env = { ...process.env, OPENLINEAGE_URL: control.url, OPENLINEAGE_API_KEY: token };
    await run(python, [fileURLToPath(new URL("client.py", import.meta.url))], { env });
    const keys = async (query) => (await client.trace(query)).nodes.map(({ key }) => key);
    const born = await client.trace({ subject: "external:s3://lake/people", column: "born" });
    const down = await keys({ subject: RAW });
    const checks = {
      "a dataset reaches the run and what it wrote": down.includes(RUN) && down.includes(FEATURES),
      "what was written came from it": (await keys({ subject: FEATURES, direction: "up" })).includes(RAW),
      "a symlink is the same dataset": (await keys({ subject: "external:s3://lake/people" })).includes(
        FEATURES,
      ),
      "a column becomes another column":
        born.nodes.find(({ key }) => key === FEATURES)?.columns?.join() === "age",
      "another column does not": !(await keys({ subject: RAW, column: "name" })).includes(FEATURES),
      "the events go out again as they came": (await client.lineage.events()).items.length === 2,
    };
    for (const [what, ok] of Object.entries(checks)) console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
    console.log(
      `openlineage-python ${version}: ${Object.values(checks).every(Boolean) ? "passes" : "fails"}`,
    );
    return Object.values(checks).every(Boolean);
  } finally {
    await control.close();
  }
}

try {
  const version = await installed();
  if (version !== undefined && !(await check(version))) process.exitCode = 1;
} finally {
  await rm(place, { recursive: true, force: true });
}

// The lineage graph and the inventory's search over HTTP, in the server's own PostgreSQL.   Build first.
//   node bench/lineage.mjs [--versions 1000000] [--rounds 100]     `--versions 47000` is about 100,000 nodes, 200,000 edges
// The graph is islands of about 10,000 nodes each: one dataset whose rows went, through a tree of runs of two or three inputs
// each, into 4,700 versions of 940 assets, 200 of which run somewhere. Rows are put straight into the tables, because a
// million statements would be signed for an hour; what is measured, from the socket to the last byte, is what a server does.
// The server is stopped and started again before anything is measured, so `first` is what the first caller gets.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseConfig, startControl } from "@countersign/control";

const { values } = parseArgs({
  options: {
    versions: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "100" },
  },
});
const VERSIONS = 4_700;
const RUNS = 4_100;
const ASSETS = VERSIONS / 5;
const DEPLOYMENTS = 200;
const ISLAND = VERSIONS + RUNS + ASSETS + DEPLOYMENTS;
const islands = Math.max(1, Math.round(Number(values.versions) / VERSIONS));
const rounds = Number(values.rounds);
const root = await mkdtemp(join(tmpdir(), "bench-lineage-"));
const directory = join(root, "data");
const config = parseConfig({ directory, port: 0, example: false, logLevel: "warn" }, {});

const keyOf = (id) => `'sha256:' || encode(sha256(convert_to('version ' || (${id}), 'UTF8')), 'hex')`;
const ofIslands = (count) => `from generate_series(0, ${islands - 1}) i, generate_series(0, ${count - 1}) n`;
const [version, run, asset, deployment] = [0, VERSIONS, VERSIONS + RUNS, VERSIONS + RUNS + ASSETS].map(
  (offset) => (n) => `(i::bigint * ${ISLAND} + ${offset} + (${n}) + 1)`,
);

const edge = (from, relation, to, count, where = "true") =>
  `insert into lineage_edges (workspace, from_id, to_id, relation, log_index, since)
   select 'default', ${from}, ${to}, ${relation}, 0, 1 ${ofIslands(count)} where ${where} on conflict do nothing`;
const node = (id, key, type, kind, name, count, more = "null, null") =>
  `insert into lineage_nodes (workspace, id, key, type, kind, name, environment, region, at, log_index)
   select 'default', ${id}, ${key}, '${type}', '${kind}', ${name}, ${more}, 1, 0 ${ofIslands(count)}`;

const LOAD = [
  node(version("n"), keyOf(version("n")), "version", "Model", "'model-' || i || '-' || n / 5", VERSIONS),
  node(run("n"), "'run:' || i || 'r' || n", "run", "Run", "'train'", RUNS),
  node(
    asset("n"),
    "'asset:Model/model-' || i || '-' || n",
    "asset",
    "Model",
    "'model-' || i || '-' || n",
    ASSETS,
  ),
  node(
    deployment("n"),
    "'deployment:production/eu/d-' || i || '-' || n",
    "deployment",
    "",
    "'d-' || i || '-' || n",
    DEPLOYMENTS,
    "'production', 'eu'",
  ),
  edge(asset("n / 5"), 1, version("n"), VERSIONS),
  edge(version("n"), 13, asset("n / 5"), VERSIONS),
  edge(version("n / 4"), 2, run("n"), RUNS),
  edge(version("(n * 7919) % (n / 4 + 1)"), 2, run("n"), RUNS),
  edge(version("(n * 104729) % (n / 4 + 1)"), 2, run("n"), RUNS),
  edge(run(`(n - 1) % ${RUNS}`), 4, version("n"), VERSIONS, "n > 0"),
  edge(run(`(n + ${RUNS} - 97) % ${RUNS}`), 4, version("n"), VERSIONS, `n > ${RUNS}`),
  edge(version("n * 20"), 5, deployment("n"), DEPLOYMENTS),
  `insert into lineage_deployments (workspace, environment, region, name, artifact, state, principal, since, at, log_index)
   select 'default', 'production', 'eu', 'd-' || i || '-' || n, ${keyOf(version("n * 20"))}, 'running', 'bench', 1, 1,
     i * ${DEPLOYMENTS} + n ${ofIslands(DEPLOYMENTS)}`,
  `insert into assets (workspace, kind, name, title, owner, tags, declared, index, at, versions, words)
   select 'default', 'Model', 'model-' || i || '-' || n, 'Model ' || n || ' of team ' || i, 'team-' || i, '{}', true,
     i * ${ASSETS} + n, 1, 5,
     array_to_tsvector(array['model', i::text, n::text, 'team', 'kind:model', 'declared:true', 'owner:team-' || i])
   ${ofIslands(ASSETS)}`,
  `insert into asset_versions (workspace, kind, name, index, artifact, at)
   select 'default', 'Model', 'model-' || i || '-' || n / 5, i::bigint * ${VERSIONS} + n, ${keyOf(version("n"))}, 1
   ${ofIslands(VERSIONS)}`,
];

const percentile = (times, part) => times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1];
const ms = (value) => Number(value.toFixed(1));

async function load() {
  const control = await startControl(config);
  const { pool } = control.database;
  const started = performance.now();
  for (const statement of LOAD) await pool.query(statement);
  await pool.query(
    "vacuum (analyze) lineage_nodes, lineage_edges, lineage_deployments, assets, asset_versions",
  );
  const count = async (table) => Number((await pool.query(`select count(*) from ${table}`)).rows[0].count);
  const sizes = {
    nodes: await count("lineage_nodes"),
    edges: await count("lineage_edges"),
    versions: await count("asset_versions"),
    assets: await count("assets"),
  };
  const { rows } = await pool.query("select pg_size_pretty(pg_database_size(current_database())) as size");
  await control.close();
  return { ...sizes, database: rows[0].size, loadSeconds: ms((performance.now() - started) / 1000) };
}

async function measure(name, ask) {
  const times = [];
  let answer;
  for (let at = 0; at < rounds; at++) {
    const from = performance.now();
    answer = await ask(at);
    times.push(performance.now() - from);
  }
  const [first, ...rest] = times;
  const line = {
    first: ms(first),
    best: ms(Math.min(...rest)),
    p50: ms(percentile(rest, 0.5)),
    p95: ms(percentile(rest, 0.95)),
    ...answer,
  };
  console.log(
    `${name}: first ${line.first} ms, best ${line.best} ms, p50 ${line.p50} ms, p95 ${line.p95} ms ${JSON.stringify(answer ?? {})}`,
  );
  return line;
}

/** Every round another island, so that nothing is warm but what a busy server has warm. */
const island = (at) => (at * 37) % islands;

async function questions(control) {
  const { token } = await control.newToken({ label: "bench", scope: "read" });
  const { pool } = control.database;
  const get = async (path) => {
    const answer = await fetch(`${control.url}/api/v1/workspaces/default${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return text;
  };
  const { rows } = await pool.query(
    `select key from lineage_nodes where workspace = 'default' and id = any($1) order by id`,
    [Array.from({ length: islands }, (_, i) => i * ISLAND + 1)],
  );
  const keys = rows.map((row) => row.key);
  const trace = async (query) => {
    const text = await get(`/trace?limit=20000&${query}`);
    const { nodes, edges, plan } = JSON.parse(text);
    const depth = Math.max(...nodes.map((one) => one.depth));
    return {
      reached: nodes.length,
      edges: edges.length,
      depth,
      block: plan.versions.length,
      kB: Math.round(text.length / 1000),
    };
  };
  return {
    down: await measure("trace down from a dataset", (at) => trace(`subject=${keys[island(at)]}`)),
    up: await measure("trace up from a deployment", (at) =>
      trace(`direction=up&subject=deployment:production/eu/d-${island(at)}-${150 + (at % 50)}`),
    ),
    graph: await measure("graph around a model", async (at) => {
      const { nodes } = JSON.parse(await get(`/graph?depth=3&focus=model-${island(at)}-${at % ASSETS}`));
      return { nodes: nodes.length };
    }),
    searchWord: await measure("search for two words", async (at) => {
      const { items } = JSON.parse(await get(`/assets?limit=50&query=team%20${island(at)}`));
      return { found: items.length };
    }),
    searchPrefix: await measure("search while typing", async (at) => {
      const { items } = JSON.parse(await get(`/assets?limit=50&query=mod%20${(at % 90) + 10}`));
      return { found: items.length };
    }),
    searchDigest: await measure("search for a digest", async (at) => {
      const { items } = JSON.parse(await get(`/assets?limit=50&query=${keys[island(at)].slice(0, 23)}`));
      return { found: items.length };
    }),
  };
}

function memory() {
  const pids = execFileSync("ps", ["-o", "pid=,ppid=,rss=", "-A"], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const mine = new Set([process.pid]);
  for (const [pid, parent] of pids) if (mine.has(parent)) mine.add(pid);
  return Math.round(
    pids.filter(([pid]) => mine.has(pid)).reduce((sum, [, , rss]) => sum + (rss ?? 0), 0) / 1024,
  );
}

try {
  await mkdir(directory, { recursive: true, mode: 0o711 });
  execFileSync("chmod", ["711", root]);
  const loaded = await load();
  console.log(JSON.stringify(loaded));
  const control = await startControl(config);
  const figures = await questions(control);
  const machine = `${availableParallelism()} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  console.log(
    JSON.stringify({ machine, loadAverage: loadavg().map(ms), ...loaded, rssMB: memory(), ...figures }),
  );
  await control.close();
} finally {
  await rm(root, { recursive: true, force: true });
}

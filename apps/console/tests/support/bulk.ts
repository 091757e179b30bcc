/** Large numbers, written straight into the tables that follow the log: 100,000 signed entries would take minutes. */
interface Database {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

export const MANY = 100_000;
const KINDS = ["Model", "Dataset", "Endpoint", "Service", "Prompt"];
const TEAMS = ["risk", "payments", "lending", "claims", "platform", "search"];
const WORDS = ["churn", "credit", "fraud", "pricing", "routing", "speech", "vision", "forecast"];

/** Assets older than everything that tests apply, so that those stay on top. */
export const seedAssets = (database: Database): Promise<unknown> =>
  database.query(
    `insert into assets (workspace, kind, name, title, owner, tags, declared, document, principal, index, at, words)
     select 'default', kind, name, '', owner, json_build_object('sensitivity', level, 'tier', tier), true, null, 'operator', 0,
       1760000000000 + n * 1000,
       array_to_tsvector(array[word, team, lpad(n::text, 6, '0'), 'kind:' || lower(kind), 'declared:true', 'owner:' || owner,
         'tag:sensitivity=' || level, 'tag:tier=' || tier])
     from (
       select n, ($2::text[])[1 + n % 5] as kind, ($4::text[])[1 + n % 8] as word, ($3::text[])[1 + n % 6] as owner,
         ($3::text[])[1 + n % 6] as team, (array['internal', 'confidential', 'restricted'])[1 + n % 3] as level,
         (1 + n % 3)::text as tier,
         ($4::text[])[1 + n % 8] || '-' || ($3::text[])[1 + n % 6] || '-' || lpad(n::text, 6, '0') as name
       from generate_series(1, $1::integer) n
     ) made`,
    [MANY, KINDS, TEAMS, WORDS],
  );

export const BIG = "asset:Dataset/telemetry";
/** 1 dataset, 412 runs of one pipeline, their versions of 3 models, and what else makes it 5,000 nodes. */
const RUNS = 412;
const NODES = 5_000;
const AT = Date.UTC(2026, 4, 1);

export const seedGraph = async (database: Database): Promise<void> => {
  const nodes: [string, string, string, string, number][] = [[BIG, "asset", "Dataset", "telemetry", AT]];
  const edges: [number, number, number][] = [];
  const add = (key: string, type: string, kind: string, name: string): number => {
    nodes.push([key, type, kind, name, AT + nodes.length * 600_000]);
    return nodes.length - 1;
  };
  const digest = (at: number): string => `sha256:c${at.toString(16).padStart(63, "0")}`;
  const data = add(digest(1), "version", "Dataset", "telemetry");
  edges.push([0, data, 1]);
  for (let at = 0; at < RUNS; at += 1) {
    const run = add(`run:e${at.toString(16).padStart(31, "0")}`, "run", "Run", `nightly-${at}`);
    const made = add(digest(1000 + at), "version", "Model", `router-${at % 3}`);
    edges.push([data, run, 2], [run, made, 4]);
  }
  for (let at = 0; nodes.length < NODES; at += 1) {
    const table = add(`external:lake/table-${at}`, "external", "Dataset", `table-${at}`);
    const job = add(`job:airflow/clean-${at % 40}-${at}`, "job", "", `clean-${at % 40}`);
    edges.push([data, job, 2], [job, table, 4]);
  }
  await database.query(
    `with made as (
       insert into lineage_nodes (workspace, key, type, kind, name, at, log_index, declared)
       select 'default', v.key, v.type, v.kind, v.name, v.at, 0, v.key = $6
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) as v(key, type, kind, name, at)
       returning id, key
     )
     insert into lineage_edges (workspace, from_id, to_id, relation, log_index, since)
     select 'default', a.id, b.id, e.relation, 0, $10
     from unnest($7::text[], $8::text[], $9::smallint[]) as e(from_key, to_key, relation)
     join made a on a.key = e.from_key join made b on b.key = e.to_key`,
    [
      ...[0, 1, 2, 3, 4].map((column) => nodes.map((node) => node[column])),
      BIG,
      edges.map(([from]) => nodes[from]?.[0]),
      edges.map(([, to]) => nodes[to]?.[0]),
      edges.map(([, , relation]) => relation),
      AT,
    ],
  );
};

import { makeStatement, type Statement } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitted, type TestServer, testServer } from "../testing/server.js";
import { Lineage } from "./service.js";

const at = (name: string) => ({ namespace: "postgres://db", name });

function asset(kind: string, name: string, spec: object | null): Statement {
  const document =
    spec === null
      ? null
      : { apiVersion: "countersign.dev/v1", kind, metadata: { name, owner: "team" }, spec };
  const predicate = { kind, name, document, principal: "operator", nonce: `${Math.random()}` };
  return makeStatement(
    [{ name: `${kind}:${name}`, digest: { sha256: "0".repeat(64) } }],
    PREDICATE_TYPES.asset,
    predicate,
  );
}

const event = (run: string, inputs: object[], outputs: object[], more: object = {}) => ({
  eventType: "COMPLETE",
  eventTime: "2026-11-21T07:00:00Z",
  producer: "https://example.com",
  schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
  run: { runId: run },
  job: { namespace: "jobs", name: "etl" },
  inputs,
  outputs,
  ...more,
});

describe("the graph as the log has it", { timeout: 60_000 }, () => {
  let server: TestServer;
  const state = (...statements: Statement[]) => server.control.workspace.state(statements);
  const keysFrom = async (subject: string, when?: number) => {
    const query = { subject, ...(when === undefined ? {} : { at: when }) };
    return (await server.client.trace(query)).nodes.map(({ key }) => key);
  };
  /** A time that is later than what was stated and earlier than what will be. */
  const between = async (): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const now = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return now;
  };

  beforeAll(async () => {
    server = await testServer();
  }, 60_000);
  afterAll(() => server.dispose());

  it("remembers what documents declared before", async () => {
    await state(asset("System", "loans", { components: ["Model:scorer"] }), asset("Model", "scorer", {}));
    const then = await between();
    await state(asset("System", "loans", { components: ["Model:other"] }));
    expect(await keysFrom("scorer")).toEqual(["asset:Model/scorer"]);
    expect(await keysFrom("scorer", then)).toEqual(["asset:Model/scorer", "asset:System/loans"]);
    expect(await keysFrom("Model:other")).toContain("asset:System/loans");
    const { origin } = await server.client.trace({ subject: "asset:Model/other" });
    expect(origin.status).toBe("dangling");
    await state(asset("System", "loans", null));
    expect(await keysFrom("asset:Model/other")).toEqual(["asset:Model/other"]);
  });

  it("ties what events call a dataset to the asset, whichever came first, and by other names too", async () => {
    const { client } = server;
    const symlinks = { symlinks: { identifiers: [{ ...at("people_v"), type: "VIEW" }] } };
    await client.lineage.record(event("r1", [{ ...at("people"), facets: symlinks }], [at("early")]));
    await state(
      asset("Dataset", "people", {}),
      asset("Dataset", "lake", { source: "s3://lake/people.parquet" }),
    );
    expect(await keysFrom("Dataset:people")).toContain("external:postgres://db/early");
    expect(await keysFrom("external:postgres://db/people_v")).toContain("external:postgres://db/early");
    await client.lineage.record(
      event("r2", [{ namespace: "s3://lake", name: "people.parquet" }, at("people")], [at("late")]),
    );
    expect(await keysFrom("Dataset:lake")).toContain("external:postgres://db/late");
    expect(await keysFrom("Dataset:people")).toContain("external:postgres://db/late");
    await state(asset("Dataset", "people", null));
    expect(await keysFrom("asset:Dataset/people")).toEqual(["asset:Dataset/people"]);
  });

  it("orders events by the log, whatever their clocks say, and is not confused by cycles", async () => {
    const { client } = server;
    const [past, future] = ["1999-01-01T00:00:00Z", "2999-01-01T00:00:00Z"];
    await client.lineage.record(event("c1", [at("a")], [at("b")], { eventTime: future }));
    const then = await between();
    await client.lineage.record(event("c2", [at("b")], [at("a")], { eventTime: past }));
    const both = ["external:postgres://db/a", "external:postgres://db/b", "run:c1", "run:c2"];
    expect(new Set(await keysFrom("external:postgres://db/a", then))).not.toContain("run:c2");
    expect((await keysFrom("external:postgres://db/a")).filter((key) => both.includes(key)).sort()).toEqual(
      both,
    );
    // In place: one run reads and writes the same.
    await client.lineage.record(event("c3", [at("x")], [at("x")]));
    expect(await keysFrom("external:postgres://db/x")).toEqual(["external:postgres://db/x", "run:c3"]);
  });

  it("ends what is revoked, and is the same graph when it is read anew", async () => {
    const { client, control } = server;
    const { artifact } = await admitted(client, "traced");
    await client.deployments.report({ subject: artifact, name: "gone", environment: "staging" });
    await client.containments.create({ subject: artifact, reason: "bad" });
    await client.deployments.report({ subject: artifact, name: "live", environment: "staging" });
    const [contained] = (await client.containments.list({ subject: artifact })).items;
    await client.containments.lift(contained?.envelope ?? "", { reason: "fine" });
    const entries = await client.log.entries({ from: 0, to: control.workspace.size });
    const deployment = entries.items.find(({ leaf }) => leaf.predicate === "deployment")?.leaf;
    if (deployment === undefined) throw new Error("no deployment is in the log");
    await client.revocations.create({ envelope: deployment.envelope, reason: "mistake" });
    const then = await between();
    const answers = async () => [
      await client.trace({ subject: artifact }),
      await client.trace({ subject: artifact, at: then }),
      await client.trace({ subject: "Dataset:lake" }),
      await client.trace({ subject: "Dataset:lake", direction: "up" }),
      (await client.graph({ focus: artifact })).edges.length,
      await client.deployments.list(),
      await client.containments.list(),
    ];
    const before = await answers();
    expect((await client.deployments.list({ state: "running" })).items.map(({ name }) => name)).toEqual([
      "live",
    ]);
    await rebuild(server);
    expect(await answers()).toEqual(before);
  });
});

const TABLES = {
  lineage_nodes: "key, type, kind, name, environment, region, owner, declared, at",
  lineage_edges: "from_id, to_id, relation, log_index, since, ended, columns::text",
  lineage_containments: "envelope, artifact, cause, origin, lifted_at",
  lineage_deployments: "environment, region, name, artifact, state, since, at",
};

/** Nodes by key and edges by their nodes' keys: ids are free to differ. */
async function tables({ database }: TestServer): Promise<Record<string, string[]>> {
  const { rows } = await database.query("select id, key from lineage_nodes");
  const keys = new Map((rows as { id: string; key: string }[]).map(({ id, key }) => [id, key]));
  const found: Record<string, string[]> = {};
  for (const [table, columns] of Object.entries(TABLES)) {
    const answer = await database.query(`select ${columns} from ${table}`);
    found[table] = (answer.rows as Record<string, unknown>[])
      .map((row) => ({ ...row, from_id: keys.get(String(row.from_id)), to_id: keys.get(String(row.to_id)) }))
      .map((row) => JSON.stringify(row))
      .sort();
  }
  return found;
}

/** Lets a second consumer read the log from its beginning, and holds what it makes against what was there. */
async function rebuild(server: TestServer): Promise<void> {
  const { workspace, database } = server.control;
  const before = await tables(server);
  const onFault = (error: unknown) => {
    throw error;
  };
  // It takes the rows for those of another data directory, and so forgets them.
  const lineage = new Lineage({ workspace, pool: database.pool, instance: "another", onFault });
  await lineage.caughtUp();
  await lineage.close();
  expect(await tables(server)).toEqual(before);
}

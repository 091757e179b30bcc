import { makeStatement } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import { causeOf } from "@countersign/lineage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitted, cleanFile, type TestServer, testServer } from "../testing/server.js";

const FORGED = `sha256:${"f".repeat(64)}`;

describe("a containment under attack", { timeout: 60_000 }, () => {
  let server: TestServer;
  const admit = (name: string) =>
    admitted(server.client, name, { "model.safetensors": cleanFile(), "name.txt": Buffer.from(name) });
  const gate = async (subject: string) =>
    (await server.client.gate({ gate: "promote", subject, environment: "dev" })).outcome;
  const plant = (artifact: string, cause: string, lifted: number | null) =>
    server.database.query(
      `insert into lineage_containments (workspace, log_index, envelope, at, artifact, cause, origin, lifted_at)
       values ('default', 0, $1, 0, $2, $3, '', $4)`,
      [FORGED, artifact, cause, lifted],
    );

  beforeAll(async () => {
    server = await testServer();
  }, 60_000);
  afterAll(() => server.dispose());

  it("is stated although a planted row says that it was", async () => {
    const { client, database } = server;
    const { artifact } = await admit("planted");
    await plant(artifact, causeOf("default", artifact), null);
    const body = { subject: artifact, reason: "bad" };
    expect((await client.containments.create(body)).entries).toHaveLength(1);
    expect((await client.containments.create(body)).entries).toEqual([]);
    expect(await gate(artifact)).toBe("deny");
    // Rows that are gone do not make it be said twice either.
    await database.query("delete from lineage_containments where artifact = $1", [artifact]);
    expect((await client.containments.create(body)).entries).toEqual([]);
  });

  it("is lifted although a changed row says that it was, and by the log alone", async () => {
    const { client, database } = server;
    const { artifact } = await admit("lifted");
    const { entries } = await client.containments.create({ subject: artifact, reason: "bad" });
    const envelope = entries[0]?.envelope ?? "";
    const listed = async () => (await client.containments.list({ subject: artifact })).items[0]?.liftedAt;
    const lifted = (at: number | null) =>
      database.query("update lineage_containments set lifted_at = $2 where envelope = $1 returning 1", [
        envelope,
        at,
      ]);
    // Read once, so that the row is there to be changed.
    expect(await listed()).toBeNull();
    expect((await lifted(1)).rows).toHaveLength(1);
    expect(await listed()).toBeNull();
    await client.containments.lift(envelope, { reason: "fine" });
    expect(await gate(artifact)).toBe("allow");
    await lifted(null);
    expect(await listed()).toBeGreaterThan(1);
  });

  it("lifts nothing that the tables only call a containment", async () => {
    const { client, database, control } = server;
    const { artifact } = await admit("scanned");
    const [scan] = await control.workspace.about(artifact as `sha256:${string}`, "scan");
    const { index, envelope } = scan?.entry ?? { index: -1, envelope: "" };
    await database.query(
      `insert into lineage_containments (workspace, log_index, envelope, at, artifact, cause, origin)
       values ('default', $1, $2, 0, $3, $3, '')`,
      [index, envelope, artifact],
    );
    const refused = client.containments.lift(envelope, { reason: "fine" });
    await expect(refused).rejects.toMatchObject({ code: "projection-mismatch" });
    expect((await control.workspace.read(index)).status).toBe("held");
  });

  it("of a version alone is never too much, whatever others say that it reached", async () => {
    const { client, database } = server;
    const { artifact } = await admit("flooded");
    await client.deployments.report({ subject: artifact, name: "flood", environment: "staging" });
    await client.trace({ subject: artifact });
    // What a hundred events with a thousand runs' outputs each leave behind.
    await database.query(
      `with invented as (insert into lineage_nodes (workspace, key, type, kind, name, at, log_index)
         select 'default', 'run:invented' || i, 'run', 'Run', '', 0, 0 from generate_series(1, 100001) i returning id)
       insert into lineage_edges (workspace, from_id, to_id, relation, log_index, since)
       select 'default', v.id, invented.id, 2, 0, 0 from invented, lineage_nodes v where v.key = $1`,
      [artifact],
    );
    const body = { subject: artifact, reason: "bad" };
    await expect(client.containments.create(body)).rejects.toMatchObject({
      code: "too-complex",
      message: expect.stringContaining(`countersign contain ${artifact} --only --reason WHY`),
    });
    const { plan, entries } = await client.containments.create({ ...body, only: true });
    expect(plan.versions).toMatchObject([{ artifact, name: "flooded", depth: 0 }]);
    expect(plan.deployments).toMatchObject([{ name: "flood", artifact }]);
    expect(entries).toHaveLength(1);
    expect(await gate(artifact)).toBe("deny");
  });

  it("of an asset alone is of its admitted versions, not of those that an event invents", async () => {
    const { client } = server;
    const { artifact } = await admit("own");
    const { artifact: foreign } = await admit("foreign");
    await client.lineage.record({
      eventType: "COMPLETE",
      eventTime: "2026-11-21T07:00:00Z",
      producer: "https://example.com",
      schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
      run: { runId: "invents" },
      job: { namespace: "jobs", name: "etl" },
      inputs: [],
      outputs: [
        {
          namespace: "countersign://default/Model",
          name: "own",
          facets: { version: { datasetVersion: foreign } },
        },
      ],
    });
    const { plan } = await client.containments.create({ subject: "own", reason: "bad", only: true });
    expect(plan.versions.map((version) => version.artifact)).toEqual([artifact]);
    const none = client.containments.create({ subject: "run:invents", reason: "bad", only: true });
    await expect(none).rejects.toMatchObject({ code: "not-found" });
  });

  it("reaches what a document declares, unless a provenance says what it was made from", async () => {
    const { client, control } = server;
    const { artifact } = await admit("gamble");
    const sha256 = artifact.slice("sha256:".length);
    const document = (kind: string, name: string, spec: object) =>
      makeStatement(
        [{ name: `${kind}:${name}`, digest: { sha256: "0".repeat(64) } }],
        PREDICATE_TYPES.asset,
        {
          kind,
          name,
          document: { apiVersion: "countersign.dev/v1", kind, metadata: { name }, spec },
          principal: "operator",
          nonce: name,
        },
      );
    const made = (run: string, dependencies: object[]) =>
      makeStatement([{ name: "gamble", digest: { sha256 } }], PREDICATE_TYPES.provenance, {
        buildDefinition: { externalParameters: { run }, resolvedDependencies: dependencies },
        runDetails: { metadata: { invocationId: run } },
      });
    const event = (inputs: object[]) => ({
      eventType: "COMPLETE",
      eventTime: "2026-11-21T07:00:00Z",
      producer: "https://example.com",
      schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
      run: { runId: "made" },
      job: { namespace: "jobs", name: "etl" },
      inputs,
      outputs: [{ namespace: "any", name: "x", facets: { version: { datasetVersion: artifact } } }],
    });
    const reached = async () => {
      const { nodes } = await client.trace({ subject: "Dataset:risky" });
      return nodes.map(({ key }) => key).includes(artifact);
    };
    await control.workspace.state([
      document("Dataset", "risky", {}),
      document("Model", "gamble", { datasets: ["risky"] }),
    ]);
    expect(await reached()).toBe(true);
    await client.lineage.record(event([]));
    expect(await reached()).toBe(true);
    // What this server itself says of the admission, sent back to it.
    await client.lineage.record((await client.lineage.events({ subject: artifact })).items);
    expect(await reached()).toBe(true);
    // A run that says nothing of its inputs says nothing against the document, whatever an event adds to it.
    await control.workspace.state([made("made", [])]);
    await client.lineage.record(event([{ namespace: "any", name: "harmless" }]));
    expect(await reached()).toBe(true);
    const harmless = { name: "safe", digest: { sha256: "5".repeat(64) }, annotations: { role: "dataset" } };
    await control.workspace.state([made("known", [harmless])]);
    expect(await reached()).toBe(false);
  });
});

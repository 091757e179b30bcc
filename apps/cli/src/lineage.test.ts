import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch } from "./testing/child.js";
import { cleanModel } from "./testing/models.js";
import { type Served, serveControl } from "./testing/serve.js";

describe("lineage on the command line", { timeout: 120_000 }, () => {
  const cwd = scratch();
  let server: Served;
  const say = (...args: string[]): Promise<Outcome> => run(args, { cwd, env: server.env });

  beforeAll(async () => {
    server = await serveControl(cwd);
    mkdirSync(join(cwd, "rows"));
    writeFileSync(join(cwd, "rows", "rows.csv"), "a,b\n1,2\n");
    await say("admit", "rows", "--name", "applications", "--unsigned");
    await say("admit", cleanModel(join(cwd, "digits")), "--name", "digits", "--unsigned");
    await connect(server);
  }, 120_000);

  afterAll(() => server?.stop(), 60_000);

  /** A training run, as an OpenLineage client tells of it. */
  async function connect({ env }: Served): Promise<void> {
    const { versions } = JSON.parse((await say("status", "--output", "json")).stdout);
    const artifactOf = (wanted: string): string =>
      versions.find(({ name }: { name: string }) => name === wanted).artifact;
    const dataset = (name: string) => ({
      namespace: "countersign://default/Model",
      name,
      facets: { version: { datasetVersion: artifactOf(name) } },
    });
    const event = {
      eventType: "COMPLETE",
      eventTime: "2026-11-21T08:00:00Z",
      producer: "https://example.com",
      schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
      run: { runId: "01941f29-7c00-7087-8940-40e509060000" },
      job: { namespace: "jobs", name: "train\u202e" },
      inputs: [dataset("applications")],
      outputs: [dataset("digits")],
    };
    const answer = await fetch(`${env.COUNTERSIGN_SERVER}/api/v1/lineage`, {
      method: "POST",
      headers: { authorization: `Bearer ${env.COUNTERSIGN_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify(event),
    });
    expect(answer.status).toBe(201);
  }

  it("reports what runs, and lists it", async () => {
    const where = ["--name", "reader", "--environment", "production", "--region", "eu-west"];
    expect((await say("deployed", "digits", ...where)).stdout).toMatch(
      /^running reader in production\/eu-west/,
    );
    expect((await say("deployed")).stdout).toMatch(/^reader +production\/eu-west +running +digits/m);
    const nowhere = await say("deployed", "digits");
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("fix: countersign deployed digits --name NAME --environment production");
  });

  it("draws what something reached as a tree, and what to do about it", async () => {
    const { stdout, code } = await say("trace", "applications", "--down");
    expect(code).toBe(0);
    // A name that would turn the line around stays a name.
    expect(stdout).toMatch(/^ {3}└─ run train\\u202e run:01941f297c007087894040e509060000$/m);
    expect(stdout).toMatch(/^ +├?└?─? ?.*deployment reader in production\/eu-west running$/m);
    expect(stdout).toMatch(/^reached {2}1 asset, 1 deployment, 1 run, 2 versions$/m);
    expect(stdout).toMatch(/^block {3}2 versions$/m);
    expect(stdout).toMatch(/^stop {4}1 running deployment$/m);
    expect(stdout).toContain("countersign contain applications --reason WHY --dry-run");
    const up = await say("trace", "deployment:production/eu-west/reader", "--up", "--output", "json");
    const keys = JSON.parse(up.stdout).nodes.map(({ key }: { key: string }) => key);
    expect(keys).toContain("asset:Model/applications");
  });

  it("knows what was not there yet", async () => {
    const past = await say("trace", "applications", "--at", "2020-01-01");
    expect(past.code).toBe(2);
    expect(past.stderr).toContain("not-found");
    const wrong = await say("trace", "applications", "--at", "yesterday");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("--at 2026-05-01");
    expect((await say("trace", "applications", "--at", "2999-01-01")).stdout).toMatch(/^reached {2}1 asset/m);
  });

  it("prints a graph for other programs", async () => {
    const dot = await say("graph", "digits");
    expect(dot.stdout).toMatch(/^digraph lineage \{\n/);
    expect(dot.stdout).toContain('[label="run train\\\\u202e", shape=ellipse];');
    expect((await say("graph", "digits", "--output", "mermaid")).stdout).toMatch(/^flowchart LR\n/);
    expect(JSON.parse((await say("graph", "--output", "json")).stdout).nodes.length).toBeGreaterThan(4);
  });

  it("contains, says so at the gate, and lifts", async () => {
    const gate = () => say("gate", "digits", "--gate", "deploy", "--environment", "dev");
    const dry = await say("contain", "applications", "--dry-run");
    expect(dry.stdout).toContain("nothing was contained yet: countersign contain applications --reason WHY");
    expect((await gate()).stdout).not.toContain("contained");
    const done = await say("contain", "applications", "--reason", "poisoned");
    expect(done.stdout).toMatch(/^contained 2 versions; every gate denies them/m);
    const denied = await gate();
    expect(denied.code).toBe(1);
    expect(denied.stdout).toContain("(contained)");
    expect((await say("contain", "--list")).stdout).toMatch(/^Model digits +applications +poisoned/m);
    expect((await say("contain", "digits", "--reason", "")).code).toBe(2);
    const lifted = await say("contain", "applications", "--lift", "--reason", "false alarm");
    expect(lifted.stdout).toBe("lifted 2 containments\n");
    expect((await say("contain", "--list")).stdout).toBe("nothing is contained\n");
    expect((await gate()).stdout).not.toContain("(contained)");
  });

  it("says that a server is needed", async () => {
    const { code, stderr } = await run(["trace", "applications"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("fix: --server http://127.0.0.1:8420");
  });
});

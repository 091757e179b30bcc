import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch } from "./testing/child.js";
import { type Served, serveControl } from "./testing/serve.js";

const cwd = scratch();
let server: Served;
const say = (args: string[], input = ""): Promise<Outcome> => run(args, { cwd, env: server.env, input });

beforeAll(async () => {
  server = await serveControl(cwd);
}, 120_000);
afterAll(() => server?.stop(), 60_000);

const document = (kind: string, name: string, spec = "{}", metadata = ""): string =>
  `apiVersion: countersign.dev/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${metadata}spec: ${spec}\n`;

describe("the inventory from the command line", { timeout: 120_000 }, () => {
  it("applies a directory, and says what leads nowhere", async () => {
    mkdirSync(join(cwd, "inventory", "models"), { recursive: true });
    writeFileSync(
      join(cwd, "inventory", "models", "scoring.yaml"),
      document(
        "Model",
        "scoring",
        "\n  vendor: acme\n  datasets: [loans]",
        "  tags: { sensitivity: restricted }\n",
      ),
    );
    writeFileSync(
      join(cwd, "inventory", "rest.yaml"),
      [
        document(
          "Vendor",
          "acme",
          "\n  country: CH\n  sanctions: [{ status: clear, list: EU, from: 2020-01-01 }]",
        ),
        document("System", "desk", "\n  components: [Model:scoring]"),
      ].join("---\n"),
    );
    writeFileSync(join(cwd, "inventory", "kubernetes.yaml"), "apiVersion: v1\nkind: ConfigMap\n");
    const { code, stdout, stderr } = await say(["apply", "-f", "inventory"]);
    expect(stderr).toContain("Model scoring refers to Dataset loans, which is not in the inventory");
    expect(stdout).toContain("3 created");
    expect(code).toBe(0);
  });

  it("refuses text that is not UTF-8, instead of changing its letters", async () => {
    const text = document("Model", "sized", "{}", "  title: gr\u00f6sse\n");
    writeFileSync(join(cwd, "latin.yaml"), Buffer.from(text, "latin1"));
    const { code, stderr } = await say(["apply", "-f", "latin.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/latin\.yaml is not UTF-8.*\(document-invalid\)/);
    expect((await say(["get", "model", "sized"])).code).not.toBe(0);
  });

  it("finds no drift, then the drift", async () => {
    expect(await say(["diff", "-f", "inventory", "--prune"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no drift"),
    });
    const changed = document("Model", "scoring", "\n  vendor: acme\n  datasets: [loans, prices]");
    const { code, stdout } = await say(["diff", "-f", "-"], changed);
    expect(code).toBe(1);
    expect(stdout).toContain('spec.datasets.1: nothing -> "prices"');
    expect(stdout).toContain('metadata.tags: {"sensitivity":"restricted"} -> nothing');
    const surplus = await say(["diff", "-f", "inventory/models", "--prune", "--output", "json"]);
    expect(surplus.code).toBe(1);
    const { results } = JSON.parse(surplus.stdout) as { results: { name: string; action: string }[] };
    expect(results.filter(({ action }) => action === "deleted").map(({ name }) => name)).toEqual([
      "desk",
      "acme",
    ]);
  });

  it("lists, searches and shows", async () => {
    const found = await say(["get", "models", "--query", "scor", "--tag", "sensitivity=restricted"]);
    expect(found.stdout).toMatch(/^Model +scoring /m);
    expect((await say(["get", "--tag", "sensitivity=public"])).stdout).toContain("nothing found");
    const shown = await say(["get", "model", "scoring"]);
    expect((await say(["get", "Model/scoring"])).stdout).toBe(shown.stdout);
    expect(shown.stdout).toMatch(/rests on {2}Dataset loans input \(not in the inventory\)/);
    expect(shown.stdout).toMatch(/supplier {2}acme \(CH\), sanctions clear, no alternative declared/);
    expect(shown.stdout).toMatch(/used by {3}System desk part/);
    const listed = JSON.parse((await say(["get", "--output", "json"])).stdout) as { kind: string }[];
    expect(listed.map(({ kind }) => kind).sort()).toEqual(["Model", "System", "Vendor"]);
  });

  it("tells how much rests on whom", async () => {
    const { stdout } = await say(["get", "concentration"]);
    expect(stdout).toMatch(/^acme +CH +clear +2 +2 +100% +System:desk Model:scoring/m);
  });

  it("exports what it applied, so that applying that changes nothing", async () => {
    const { stdout } = await say(["export"]);
    expect((await say(["apply", "-f", "-"], stdout)).stdout).toContain("3 unchanged");
    expect((await say(["export"])).stdout).toBe(stdout);
    expect((await say(["export", "--out", "kept"])).code).toBe(0);
    expect(readdirSync(join(cwd, "kept")).sort()).toEqual(["model", "schemas", "system", "vendor"]);
    const kept = readFileSync(join(cwd, "kept", "model", "scoring.yaml"), "utf8");
    expect(kept).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/model\.json\napiVersion/);
    expect((await say(["diff", "-f", "kept", "--prune"])).code).toBe(0);
    expect((await say(["get", "model", "scoring", "--output", "yaml"])).stdout).toBe(
      kept.replace(/^#.*\n/, ""),
    );
  });

  it("deletes, says who still refers to it, and prunes", async () => {
    const gone = await say(["delete", "model", "scoring"]);
    expect(gone).toMatchObject({ code: 0, stdout: expect.stringContaining("1 deleted") });
    expect(gone.stderr).toContain("System desk still refers to Model scoring");
    expect((await say(["delete", "model", "scoring"])).code).toBe(2);
    const pruned = await say(["apply", "-f", "inventory/models", "--prune"]);
    expect(pruned.stdout).toContain("1 created, 2 deleted");
  });

  it.each([
    [["apply", "-f", "nowhere"], "path-not-found"],
    [["get", "modell"], "there is no kind modell"],
    [["get", "model", "nobody"], "not-found"],
    [["delete", "model"], "usage"],
    [["diff", "-f", "-"], "usage"],
  ])("refuses %j with a way out", async (args, message) => {
    const { code, stderr } = await say(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/fix: /);
  });

  it("names file and line of what is wrong, and lets hostile text do nothing", async () => {
    writeFileSync(join(cwd, "bad.yaml"), document("Model", "x", "\n  framwork: y"));
    expect((await say(["apply", "-f", "bad.yaml"])).stderr).toContain(
      "bad.yaml: Model x: line 6: spec.framwork is not a field; did you mean framework?",
    );
    const hostile = await say(["apply", "-f", "-"], document("Model", "h", '{ task: "\\e[2J" }'));
    expect(hostile.stderr).toContain("spec.task holds a control character");
    expect(hostile.stderr).not.toContain("\u001b[2J");
  });

  it("prints schemas without a server", async () => {
    const { code, stdout } = await run(["get", "schema", "vendor"], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: "Countersign Vendor" });
    const none = await run(["get", "models"], { cwd });
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("--server") });
  });
});

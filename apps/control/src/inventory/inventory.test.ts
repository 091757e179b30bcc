import { makeStatement } from "@countersign/evidence";
import { assetKey, PREDICATE_TYPES } from "@countersign/facts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitted, type TestServer, testServer } from "../testing/server.js";
import { Frequencies } from "./frequency.js";
import { search } from "./search.js";
import { lexemesOf, termsOf, tsquery, wordsOf } from "./words.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
}, 60_000);
afterAll(() => server?.dispose());

const doc = (kind: string, name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: "countersign.dev/v1",
  kind,
  metadata: { name, ...metadata },
  spec,
});

const names = async (query: Parameters<TestServer["client"]["assets"]["list"]>[0]): Promise<string[]> =>
  (await server.client.assets.list(query)).items.map(({ name }) => name);

describe("search", () => {
  beforeAll(async () => {
    const tags = { sensitivity: "restricted", residency: ["EU", "CH"], tier: "tier-1" };
    await server.client.assets.apply({
      documents: [
        doc("Model", "team/creditRisk_v2", {}, { title: "Kreditrisiko für Ärzte", owner: "team-a", tags }),
        doc("Model", "fraud-2026", {}, { labels: { product: "cards" }, tags: { sensitivity: "public" } }),
        doc("Dataset", "fraud-2026", { vendor: "acme" }, { owner: "o'brien \\ & co" }),
      ],
    });
  });

  it("finds by beginnings of words of name, title, owner and labels, in any order", async () => {
    for (const query of ["cred", "risk cred", "v2", "team/credit", "kredit ärz", "creditrisk", "TEAM-A"]) {
      expect(await names({ query }), query).toEqual(["team/creditRisk_v2"]);
    }
    expect(await names({ query: "cards" })).toEqual(["fraud-2026"]);
    expect(await names({ query: "redit" })).toEqual([]);
  });

  it("filters by kind, owner, tags and single places of residency", async () => {
    expect(await names({ query: "fraud", kind: "Dataset" })).toEqual(["fraud-2026"]);
    expect(await names({ owner: "team-a" })).toEqual(["team/creditRisk_v2"]);
    expect(await names({ owner: "o'brien \\ & co" })).toEqual(["fraud-2026"]);
    expect(await names({ tag: "sensitivity=restricted, residency=CH" })).toEqual(["team/creditRisk_v2"]);
    expect(await names({ tag: "sensitivity=internal" })).toEqual([]);
    expect(await names({ tag: "vendor=acme" })).toEqual(["fraud-2026"]);
  });

  it("finds an asset by a version's digest", async () => {
    const { artifact } = await admitted(server.client, "by-digest", { "a.bin": Buffer.from("x") });
    for (const query of [artifact, artifact.slice(7), artifact.slice(0, 20)]) {
      expect(await names({ query })).toEqual(["by-digest"]);
    }
    expect(await names({ query: artifact, kind: "Dataset" })).toEqual([]);
  });

  it("goes through all of it page by page, each once, while others come", async () => {
    const documents = Array.from({ length: 60 }, (_, at) => doc("Prompt", `page-${at}`));
    await server.client.assets.apply({ documents });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await server.client.assets.list({
        kind: "Prompt",
        limit: 7,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.items.map(({ name }) => name));
      await server.client.assets.apply({ documents: [doc("Code", `late-${seen.length}`)] });
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
    expect(seen[0]).toBe("page-59");
  });

  it("answers whatever is typed", async () => {
    const headers = { authorization: `Bearer ${server.token}` };
    const typed = fc.record(
      {
        query: fc.string({ unit: "binary", maxLength: 60 }),
        tag: fc.oneof(
          fc.constantFrom("=", ",", "a=b=c", "'='", "\\=\\", "\0=\0"),
          fc.string({ unit: "binary" }),
        ),
        owner: fc.string({ unit: "binary", maxLength: 40 }),
        cursor: fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64url")),
          fc.constant(Buffer.from('[1,"Model","\\u0000"]').toString("base64url")),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(typed, async (query) => {
        const search = new URLSearchParams(query).toString();
        for (const path of ["assets", "assets/export"]) {
          const answer = await fetch(`${server.url}/api/v1/workspaces/default/${path}?${search}`, {
            headers,
          });
          expect([200, 400]).toContain(answer.status);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps facets apart from words", () => {
    expect(wordsOf("kind:Model tag:x=y")).not.toContain("kind:model");
    const document = doc("Model", "kind:endpoint") as never;
    expect(lexemesOf({ kind: "Model", name: "x", document })).toContain("kind:model");
    expect(tsquery(termsOf({ query: "a' | 'b", owner: "o'b" }))).toBe("'a':* & 'b':* & 'owner:o''b'");
    expect(termsOf({})).toEqual([]);
  });
});

describe("frequencies", () => {
  it("leave out what the index would gather in vain, and nothing of the answer", async () => {
    const { pool } = server.control.database;
    await pool.query(
      `insert into assets (workspace, kind, name, declared, index, at, words)
       select 'other', 'Code', 'f' || g, true, g, g, array_to_tsvector(array['everywhere', 'w' || g % 10, 'x' || g])
       from generate_series(1, 30000) g`,
    );
    await pool.query("analyze assets");
    const frequencies = new Frequencies(pool);
    const word = (lexeme: string) => ({ lexeme, prefix: true });
    expect(await frequencies.worthAsking([word("every"), word("x77")])).toEqual([word("x77")]);
    expect(await frequencies.worthAsking([word("w1"), word("w2")])).toHaveLength(2);
    expect(await frequencies.worthAsking([])).toEqual([]);
    const source = { pool, workspace: "other", frequencies };
    const { items } = await search(source, { query: "everywhere x77" }, { limit: 50 });
    expect(items.length).toBe(50);
    expect((await search(source, { query: "every x2999" }, { limit: 50 })).items).toHaveLength(11);
    await pool.query("delete from assets where workspace = 'other'");
  });
});

describe("the tables", () => {
  it("are the same when they are built again from the log", async () => {
    const read = async () => {
      const [assets, references, versions] = await Promise.all([
        server.database.query("select * from assets order by kind, name"),
        server.database.query(
          "select * from asset_references order by kind, name, relation, to_kind, to_name",
        ),
        server.database.query("select * from asset_versions order by kind, name, index"),
      ]);
      return [assets.rows, references.rows, versions.rows];
    };
    await server.client.assets.remove("Dataset", "fraud-2026");
    const before = await read();
    await server.database.query("delete from cursors where consumer = 'inventory'");
    await server.database.query("delete from asset_references");
    await server.database.query("update assets set title = 'forged'");
    await server.control.close();
    server = await testServer({ directory: server.config.directory });
    await server.client.assets.list();
    expect(await read()).toEqual(before);
  });

  it("go on past a document that this build cannot read", async () => {
    const { workspace } = server.control;
    const state = (document: object | null, name: string) => {
      const digest = { sha256: assetKey(workspace.id, name).slice(7) };
      const predicate = { kind: "Model", name, document, principal: "service", nonce: name };
      return workspace.state([makeStatement([{ name, digest }], PREDICATE_TYPES.asset, predicate)]);
    };
    await state({ metadata: 7, spec: [] }, "from-the-future");
    await state(doc("Model", "another-name"), "says-otherwise");
    await server.client.assets.apply({ documents: [doc("Model", "after-it")] });
    expect(await names({ query: "after" })).toEqual(["after-it"]);
    expect(await names({ query: "future" })).toEqual([]);
    expect(await names({ query: "otherwise" })).toEqual([]);
  });
});

describe("documents and versions that come at the same time", () => {
  it("find each other, whichever is first", async () => {
    const { client } = server;
    const tags = { sensitivity: "restricted" as const };
    for (let round = 0; round < 4; round++) {
      const name = `race-${round}`;
      const versions = [0, 1, 2].map((at) =>
        admitted(client, name, { "a.bin": Buffer.from(`${round} ${at}`) }).then(({ artifact }) => artifact),
      );
      const [artifacts] = await Promise.all([
        Promise.all(versions),
        new Promise((resolve) => setTimeout(resolve, 60 * round)).then(() =>
          client.assets.apply({ documents: [doc("Model", name, {}, { tags })] }),
        ),
      ]);
      for (const artifact of artifacts) {
        const { facts } = await client.versions.get(artifact);
        expect(facts.declaration.tags.sensitivity, `${name} ${artifact}`).toBe("restricted");
      }
    }
  });

  it("may be applied by many at once: the last one stands, and every one is in the history", async () => {
    const { client } = server;
    const all = Array.from({ length: 12 }, (_, at) => doc("Model", "contended", { task: `task ${at}` }));
    await Promise.all(all.map((document) => client.assets.apply({ documents: [document] })));
    const { history, document } = await client.assets.get("Model", "contended");
    expect(history).toHaveLength(12);
    expect(history.map(({ action }) => action)).toEqual([...Array(11).fill("updated"), "created"]);
    const { items } = await client.assets.export({ kind: "Model" });
    expect(items.find(({ metadata }) => metadata.name === "contended")?.spec).toEqual(document?.spec);
  });
});

describe("many documents", () => {
  it("go into force in one request, and are exported page by page", async () => {
    const { client } = server;
    const documents = Array.from({ length: 1_000 }, (_, at) =>
      doc("Image", `bulk/${at}`, { reference: `registry.example/app:${at}`, base: `bulk/${at - 1}` }),
    );
    const { results, cycles } = await client.assets.apply({ documents });
    expect(results.filter(({ action }) => action === "created")).toHaveLength(1_000);
    expect(results.filter(({ dangling }) => dangling.length > 0).map(({ name }) => name)).toEqual(["bulk/0"]);
    expect(cycles).toEqual([]);
    const found: unknown[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await client.assets.export({ kind: "Image", limit: 300, ...(cursor ? { cursor } : {}) });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    expect(found).toHaveLength(1_000);
    expect((await client.assets.get("Image", "bulk/999")).references.out).toMatchObject([
      { name: "bulk/998" },
    ]);
  }, 60_000);

  it("beyond what one request may hold are refused", async () => {
    const documents = Array.from({ length: 1_001 }, (_, at) => doc("Image", `x${at}`, { reference: "r" }));
    await expect(server.client.assets.apply({ documents })).rejects.toMatchObject({ code: "bad-request" });
  });
});

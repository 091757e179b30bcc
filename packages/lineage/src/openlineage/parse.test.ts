import { CountersignError } from "@countersign/evidence";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contributionOfEvent } from "./contribute.js";
import { EVENT_LIMITS, parseLineageEvent } from "./parse.js";

const base = {
  eventTime: "2026-11-21T08:00:00.000Z",
  producer: "https://example.com",
  schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
};
const job = { namespace: "airflow", name: "etl.daily" };
const run = { runId: "01941f29-7c00-7087-8940-40e509060000" };
const table = (name: string, facets = {}) => ({ namespace: "postgres://db", name, facets });
const artifact = `sha256:${"ab".repeat(32)}`;

const code = (event: unknown): string => {
  try {
    parseLineageEvent(event);
    return "fine";
  } catch (error) {
    if (error instanceof CountersignError) return error.code;
    throw error;
  }
};

const contribution = (event: object) => contributionOfEvent(parseLineageEvent(event), "default");
const arrows = (event: object) =>
  contribution(event).edges.map(({ from, to, relation }) => `${from} ${relation} ${to}`);

describe("an OpenLineage event", () => {
  it("connects inputs, run and outputs, and the job with its run", () => {
    const event = { ...base, eventType: "COMPLETE", run, job, inputs: [table("a")], outputs: [table("b")] };
    expect(arrows(event)).toEqual([
      "job:airflow/etl.daily uses run:01941f297c007087894040e509060000",
      "external:postgres://db/a input run:01941f297c007087894040e509060000",
      "run:01941f297c007087894040e509060000 output external:postgres://db/b",
    ]);
  });

  it("may come without run (JobEvent) or without either (DatasetEvent)", () => {
    expect(arrows({ ...base, job, inputs: [table("a")], outputs: [table("b")] })).toEqual([
      "external:postgres://db/a input job:airflow/etl.daily",
      "job:airflow/etl.daily output external:postgres://db/b",
    ]);
    const columnLineage = {
      fields: { x: { inputFields: [{ namespace: "postgres://db", name: "a", field: "y" }] } },
    };
    const { edges } = contribution({ ...base, dataset: table("b", { columnLineage }) });
    expect(edges).toEqual([
      {
        from: "external:postgres://db/a",
        to: "external:postgres://db/b",
        relation: "derived",
        columns: [{ to: "x", from: [{ node: "external:postgres://db/a", field: "y" }] }],
      },
    ]);
  });

  it("names the version where it gives a digest, and the asset where the namespace is ours", () => {
    const version = { version: { datasetVersion: artifact } };
    const event = { ...base, run, job, inputs: [table("a", version)] };
    expect(arrows(event)).toContain(`${artifact} input run:01941f297c007087894040e509060000`);
    expect(arrows(event)).toContain(`external:postgres://db/a version ${artifact}`);
    const ours = { namespace: "countersign://default/Dataset", name: "applications" };
    expect(arrows({ ...base, run, job, inputs: [ours] })).toContain(
      "asset:Dataset/applications input run:01941f297c007087894040e509060000",
    );
    const foreign = { namespace: "countersign://other/Dataset", name: "applications" };
    expect(arrows({ ...base, run, job, inputs: [foreign] })[1]).toMatch(/^external:/);
  });

  it("knows symlinks, one to itself left out", () => {
    const identifiers = [
      { namespace: "s3://lake", name: "a", type: "TABLE" },
      { namespace: "postgres://db", name: "a", type: "TABLE" },
    ];
    expect(arrows({ ...base, job, inputs: [table("a", { symlinks: { identifiers } })] })).toEqual([
      "external:postgres://db/a same external:s3://lake/a",
      "external:s3://lake/a same external:postgres://db/a",
      "external:postgres://db/a input job:airflow/etl.daily",
    ]);
  });

  it("reads a dataset that only columns speak of, and skips a facet that was deleted", () => {
    const fields = { x: { inputFields: [{ namespace: "n", name: "hidden", field: "y" }] } };
    const event = { ...base, job, outputs: [table("b", { columnLineage: { fields } })] };
    expect(arrows(event)).toContain("external:n/hidden input job:airflow/etl.daily");
    const gone = { ...base, job, outputs: [table("b", { columnLineage: { fields, _deleted: true } })] };
    expect(contribution(gone).edges).toEqual([
      { from: "job:airflow/etl.daily", to: "external:postgres://db/b", relation: "output" },
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["a list", []],
    ["no time", { ...base, eventTime: "yesterday", job }],
    ["no part", base],
    ["a job without a name", { ...base, job: { namespace: "a" } }],
    ["an empty name", { ...base, job, inputs: [table("")] }],
    ["an escape sequence", { ...base, job, inputs: [table("\u001b[2J")] }],
    ["a lone surrogate", { ...base, job, inputs: [table("\ud800")] }],
    ["a name of 3 kB", { ...base, job, inputs: [table("ä".repeat(1_500))] }],
    ["inputs that are no list", { ...base, job, inputs: {} }],
    ["a path as run id", { ...base, job, run: { runId: "../x" } }],
    ["an unknown state", { ...base, job, run, eventType: "MAYBE" }],
    ["a run that is its own parent", { ...base, job, run: { ...run, facets: { parent: { run, job } } } }],
    ["columns without fields", { ...base, job, outputs: [table("b", { columnLineage: {} })] }],
  ])("is refused with a code: %s", (_what, event) => {
    expect(code(event)).toBe("lineage-malformed");
  });

  it("is refused when it is too large in any way", () => {
    const inputs = Array.from({ length: EVENT_LIMITS.datasets + 1 }, (_, at) => table(`t${at}`));
    expect(code({ ...base, job, inputs })).toBe("too-complex");
    expect(code({ ...base, job, more: "x".repeat(EVENT_LIMITS.bytes) })).toBe("too-complex");
    const inputFields = Array.from({ length: EVENT_LIMITS.columns + 1 }, () => ({
      namespace: "n",
      name: "a",
      field: "f",
    }));
    const columnLineage = { fields: { x: { inputFields } } };
    expect(code({ ...base, job, outputs: [table("b", { columnLineage })] })).toBe("too-complex");
    const identifiers = Array.from({ length: EVENT_LIMITS.symlinks + 1 }, (_, at) => ({
      namespace: "n",
      name: `${at}`,
    }));
    expect(code({ ...base, job, inputs: [table("a", { symlinks: { identifiers } })] })).toBe("too-complex");
  });

  it("is read or refused with a code, whatever comes", () => {
    const part = fc.jsonValue({ maxDepth: 4 });
    const event = fc.record({
      eventTime: fc.constantFrom("2026-11-21T08:00:00Z", "2026-11-21T08:00:00", "x"),
      run: fc.option(fc.oneof(fc.constant(run), part), { nil: undefined }),
      job: fc.oneof(fc.constant(job), part),
      inputs: fc.oneof(fc.constant([table("a")]), part),
      outputs: fc.array(fc.record({ namespace: fc.string(), name: fc.string(), facets: part }), {
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(fc.oneof(event, part), (value) => {
        expect(["fine", "lineage-malformed", "too-complex"]).toContain(code(value));
        if (code(value) === "fine") contribution(value as object);
      }),
      { numRuns: 500 },
    );
  });
});

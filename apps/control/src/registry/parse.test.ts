import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environmentOf, strictness } from "./environment.js";
import { checkAlias, checkModelName, parseStage, parseVersion } from "./names.js";
import { requirementsIn } from "./provenance/dependencies.js";
import { parseSource } from "./source.js";

const id = `m-${"a".repeat(32)}`;
const run = "b".repeat(32);

describe("a source", () => {
  it.each([
    [`models:/${id}`, { kind: "root", root: id, path: "" }],
    ["models:/fraud/3", { kind: "version", name: "fraud", version: 3 }],
    ["models:/fraud@champion", { kind: "alias", name: "fraud", alias: "champion" }],
    ["models:/a@b@c", { kind: "alias", name: "a@b", alias: "c" }],
    [`runs:/${run}/model`, { kind: "root", root: run, path: "model" }],
    [`runs:/${run}/a/b`, { kind: "root", root: run, path: "a/b" }],
    [`mlflow-artifacts:/1/${run}/artifacts/model`, { kind: "root", root: run, path: "model" }],
    [`mlflow-artifacts:/1/models/${id}/artifacts`, { kind: "root", root: id, path: "" }],
  ])("%s is in the store", (text, source) => expect(parseSource(text)).toEqual(source));

  it.each([
    "s3://b/k",
    `mlflow-artifacts://host/1/models/${id}/artifacts`,
    `https://host/api/2.0/mlflow-artifacts/artifacts/1/models/${id}/artifacts`,
    `//models:/${id}`,
    ` models:/${id}`,
    `MODELS:/${id}`,
    `models://${id}`,
    "models:/fraud/Production",
    "models:/fraud/latest",
    "models:/fraud/1/x",
    "models:/fraud",
    "",
    "/etc/passwd",
    "file:///etc/passwd",
  ])("%j is outside, or names nothing", (text) => expect(parseSource(text)).toEqual({ kind: "outside" }));

  it("is refused where it leads elsewhere", () => {
    for (const text of [
      `runs:/${run}/../x`,
      `runs:/${run}/%2e%2e/x`,
      "runs:/x/model",
      `mlflow-artifacts:/1/${run}/x`,
    ])
      expect(() => parseSource(text)).toThrow(/Invalid path/);
  });

  it("never names a place outside its root, whatever is written", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "..",
        ".",
        "",
        "artifacts",
        run,
        id,
        "models:",
        "runs:/",
        "mlflow-artifacts:/",
        "%2e%2e",
        "\\",
        "\0",
        "@",
        "1",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom("", "/"), (parts, joint) => {
        let source: ReturnType<typeof parseSource>;
        try {
          source = parseSource(parts.join(joint));
        } catch (error) {
          expect(String(error)).toMatch(/Invalid/);
          return;
        }
        if (source.kind !== "root") return;
        expect(source.root).toMatch(/^(m-)?[0-9a-f]{32}$/);
        expect(source.path.split("/")).not.toContain("..");
        expect(source.path).not.toMatch(/^\/|\0|\\/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the environment of an alias", () => {
  const aliases = (map: object) => ({ spec: { aliases: map } });

  it("is at least what its name and every document say", () => {
    const label = fc.oneof(
      fc.constantFrom("champion", "Prod", "STAGING", "shadow", "live", "__proto__"),
      fc.string(),
    );
    const environment = fc.constantFrom("dev", "staging", "production", "eu-prod");
    const documents = fc.array(
      fc.oneof(fc.dictionary(label, environment).map(aliases), fc.constant(null), fc.anything()),
    );
    fc.assert(
      fc.property(label, documents, (name, all) => {
        const found = strictness(environmentOf(name, all));
        expect(found).toBeGreaterThanOrEqual(strictness(environmentOf(name, [])));
        for (let at = 0; at < all.length; at++)
          expect(found).toBeGreaterThanOrEqual(strictness(environmentOf(name, all.slice(0, at))));
      }),
    );
  });

  it("is found in any case, and the strictest of two spellings counts", () => {
    expect(environmentOf("LIVE", [aliases({ live: "staging" })])).toBe("staging");
    expect(environmentOf("live", [aliases({ Live: "staging", LIVE: "production" })])).toBe("production");
    expect(environmentOf("live", [aliases({ live: "eu" }), aliases({ live: "us" })])).toBe("us");
    expect(environmentOf("toString", [])).toBe("dev");
    expect(environmentOf("shadow", [undefined, aliases({ shadow: "dev" })])).toBe("production");
  });
});

describe("names", () => {
  it("are refused or come back as they were", () => {
    for (const check of [checkModelName, checkAlias, parseStage])
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), (text) => {
          try {
            expect(check(text).toLowerCase()).toBe(text.toLowerCase());
          } catch (error) {
            expect(error).toMatchObject({ errorCode: "INVALID_PARAMETER_VALUE" });
          }
        }),
      );
  });

  it("of versions are whole numbers from 1", () => {
    expect(["1", "42"].map(parseVersion)).toEqual([1, 42]);
    for (const text of ["", "0", "-1", "1.0", "01", "1e3", "latest", "9999999999", "1 "])
      expect(parseVersion(text)).toBeUndefined();
  });
});

it("requirements keep names and versions, and no option with an address in it", () => {
  const text = `mlflow==3.6.0\r\nscikit-learn>=1, <2\n# note\n--index-url https://a:b@c\n-r other.txt\ngit+https://x@y/z\npkg @ https://u:p@h/p.whl\nnumpy[extra]==1\n\n`;
  expect(requirementsIn(text)).toEqual(["mlflow==3.6.0", "scikit-learn>=1, <2", "numpy[extra]==1"]);
  fc.assert(
    fc.property(fc.string(), (line) => {
      for (const kept of requirementsIn(line)) expect(kept).not.toMatch(/:\/\/|^-/);
    }),
  );
});

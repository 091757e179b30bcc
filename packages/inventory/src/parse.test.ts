import { CountersignError } from "@countersign/evidence";
import { describe, expect, it } from "vitest";
import { parseDocuments } from "./parse.js";
import { parseYaml } from "./yaml.js";

const model = (name = "credit-risk", spec = "{}"): string =>
  `apiVersion: countersign.dev/v1\nkind: Model\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;

function fault(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof CountersignError) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: "none", message: "" };
}

describe("parseDocuments", () => {
  it("reads several YAML documents, comments and empty ones between them", () => {
    const text = `# a file\n---\n${model("a")}---\n---\n# nothing\n---\n${model("b")}...\n`;
    expect(parseDocuments(text).map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
  });

  it("reads one JSON document, a list, and a list of items", () => {
    const [document] = parseDocuments(model());
    for (const value of [document, [document], { items: [document] }, { kind: "List", items: [document] }]) {
      expect(parseDocuments(JSON.stringify(value))).toEqual([document]);
    }
  });

  it("takes members that are null for absent, and an empty text for no documents", () => {
    expect(parseDocuments(model("a", "\n  task:\n  framework: null"))[0]?.spec).toEqual({});
    expect(parseDocuments("")).toEqual([]);
    expect(parseDocuments("# only a comment\n")).toEqual([]);
  });

  it("keeps words as words, whatever older YAML took them for", () => {
    const [document] = parseDocuments(model("yes", "{ task: no, framework: 2020-01-01, origin: on }"));
    expect(document).toMatchObject({
      metadata: { name: "yes" },
      spec: { task: "no", framework: "2020-01-01", origin: "on" },
    });
  });

  it.each([
    [
      "an unknown field, with the one that was meant",
      "{ vendr: x }",
      /line 5: spec\.vendr is not a field; did you mean vendor\?/,
    ],
    ["a wrong type", "{ task: 1.0 }", /spec\.task must be string: put it in quotes/],
    [
      "a value outside a set",
      "{ lifecycle: done }",
      /spec\.lifecycle must be experimental, production, deprecated, retired/,
    ],
    ["a name that is none", "{ vendor: '../x' }", /spec\.vendor does not fit: The name of a Vendor/],
    ["a reference of the wrong kind", "{ vendor: 'Model:x' }", /spec\.vendor does not fit/],
    [
      "one name or several that are none",
      "{ baseModel: [a, '../x'] }",
      /spec\.baseModel does not fit: The name of a Model, or a list of names$/,
    ],
    ["a reference twice", "{ datasets: [a, a] }", /spec\.datasets must not have duplicate items/],
    ["a control character", '{ task: "a\\e[31m" }', /spec\.task holds a control character/],
    ["half a character", '{ task: "\\ud800" }', /spec\.task holds a control character|surrogate/],
  ])("refuses %s", (_what, spec, message) => {
    const { code, message: said } = fault(() => parseDocuments(model("m", spec)));
    expect(said).toMatch(message);
    expect(code).toBe("document-invalid");
  });

  it("names the file, the line and the asset", () => {
    const text = `${model("a")}---\n${model("b")}---\n${model("c", "\n  lifecycle: x")}`;
    expect(fault(() => parseDocuments(text, { source: "models.yaml" })).message).toMatch(
      /^models\.yaml: Model c: line 18: spec\.lifecycle must be/,
    );
  });

  it("refuses an unknown kind and a missing one", () => {
    expect(fault(() => parseDocuments(model().replace("Model", "Modell"))).message).toMatch(
      /did you mean Model\?/,
    );
    expect(fault(() => parseDocuments("a: 1")).message).toMatch(/kind is missing/);
    expect(fault(() => parseDocuments("just text")).message).toMatch(/a document is a map/);
  });

  it("refuses what ends before it begins", () => {
    const text =
      "apiVersion: countersign.dev/v1\nkind: Vendor\nmetadata: { name: v }\nspec:\n  contracts:\n    - { id: c, from: 2026-02-01, until: 2026-01-01 }\n";
    expect(fault(() => parseDocuments(text)).message).toMatch(/ends \(2026-01-01\) before it begins/);
  });

  it("refuses one name twice, but not in two kinds", () => {
    expect(fault(() => parseDocuments(`${model("a")}---\n${model("a")}`))).toMatchObject({
      code: "document-invalid",
      message: expect.stringMatching(/Model a is described twice/),
    });
    const dataset = model("a").replace("Model", "Dataset");
    expect(parseDocuments(`${model("a")}---\n${dataset}`)).toHaveLength(2);
  });
});

describe("hostile YAML", () => {
  const bomb = [
    "a0: &a0 [x,x,x,x,x,x,x,x,x]",
    ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(",")}]`),
  ].join("\n");

  it.each([
    ["an alias bomb", bomb],
    ["an alias that contains itself", "a: &a [*a]"],
    ["a hundred thousand open brackets", "[".repeat(100_000)],
    ["a hundred thousand open braces", "{a: ".repeat(100_000)],
    ["lists in lists on one line", `${"- ".repeat(100_000)}a`],
    ["questions in questions", `${"? ".repeat(100_000)}a`],
    ["deep indentation", Array.from({ length: 2_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
    ["too many documents", "---\n".repeat(20_000)],
    ["too many signs", "- a\n".repeat(400_000)],
    ["a text too long", "a".repeat(5 * 1024 * 1024)],
    ["too many values", `a: [${"1,".repeat(60_000)}]`],
    ["too many aliases", `x: &x 1\ny: [${"*x,".repeat(2_000)}]`],
  ])("refuses %s, and soon", (_what, text) => {
    const start = process.cpuUsage();
    expect(fault(() => parseYaml(text)).code).toBe("too-complex");
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3_000);
  });

  it.each([
    ["a key that stands twice", "a: 1\nb: 2\na: 3", /line 3: the key "a" stands twice/],
    ["the same, deep in a list", "x:\n  - { k: 1, k: 2 }", /line 2: the key "k" stands twice/],
    ["a tag that names a type of a language", "a: !!js/function 'x'", /tag/i],
    ["a key that is a map", "? {a: 1}\n: 2", /key/i],
    ["a tab as indentation", "a:\n\t- b", /line 2/],
    ["an alias without an anchor", "a: *b", /alias/i],
  ])("refuses %s", (_what, text, message) => {
    expect(fault(() => parseYaml(text))).toMatchObject({
      code: "document-invalid",
      message: expect.stringMatching(message),
    });
  });

  it("is quick with a hundred thousand keys in one map", () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join("\n");
    const start = process.cpuUsage();
    expect(parseYaml(text)).toHaveLength(1);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3_000);
  });

  it("sets no prototype", () => {
    const [value] = parseYaml("__proto__: { polluted: true }\nconstructor: 1");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.hasOwn(value?.value as object, "__proto__")).toBe(true);
    expect(fault(() => parseDocuments(model("a", "{ __proto__: { x: 1 } }"))).code).toBe("document-invalid");
  });
});

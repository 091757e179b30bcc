import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";
import { PAYLOAD, zip } from "../../testing/assemble.js";
import { sample } from "../../testing/samples.js";

const scan = (data: Uint8Array, name = "m.skops"): FileReport => scanBytes(data, name);

it.each(["x-method", "x-attrgetter", "SGDClassifier"])("takes %s for clean", (name) =>
  expect(scan(sample(`${name}.skops`))).toMatchObject({ format: "skops", verdict: "clean", findings: [] }),
);

interface Node {
  [key: string]: unknown;
}

const node = (loader: string, path: string, rest: object = {}): Node => {
  const dot = path.lastIndexOf(".");
  return { __class__: path.slice(dot + 1), __module__: path.slice(0, dot), __loader__: loader, ...rest };
};
const json = (value: unknown): Node => node("JsonNode", "builtins.str", { content: JSON.stringify(value) });
const list = (...content: Node[]): Node => node("ListNode", "builtins.list", { content });
const tuple = (...content: Node[]): Node => node("TupleNode", "builtins.tuple", { content });
const file = (content: Node): Buffer =>
  zip({
    name: "schema.json",
    data: Buffer.from(JSON.stringify({ ...list(content), protocol: 2, _skops_version: "0.11.0" })),
    deflate: true,
  });
const rules = (content: Node): string[] => scan(file(content)).findings.map(({ rule }) => rule);

describe("a skops file", () => {
  it.each([
    ["a class that runs commands", node("ListNode", "subprocess.Popen", { content: [json("id")] })],
    [
      "a constructor of the file's own",
      node("ConstructorFromReduceNode", "os.system", { content: tuple(json("id")) }),
    ],
    ["a function that runs text", node("FunctionNode", "builtins.eval")],
    ["a type that is a function", node("TypeNode", "builtins.exec")],
    ["an object of a module that acts", node("ObjectNode", "subprocess.Popen", { content: json({}) })],
    [
      "a reader of attributes that is called",
      node("ConstructorFromReduceNode", "builtins.getattr", { content: tuple() }),
    ],
    ["an unproven class of Python", node("ObjectNode", "xmlrpc.server.SimpleXMLRPCServer")],
    // CVE-2025-54412: the module passes for one that is trusted, the name is a function of `operator`.
    [
      "a function of operator under another name",
      node("OperatorFuncNode", "sklearn.linear_model._sgd_fast.call", { attrs: tuple() }),
    ],
    [
      "a function of operator that acts at once",
      node("OperatorFuncNode", "operator.call", { attrs: tuple() }),
    ],
    [
      "a getter that leaves the object",
      node("OperatorFuncNode", "operator.attrgetter", { attrs: tuple(json("__init__.__globals__")) }),
    ],
    // CVE-2025-54413: methods of methods.
    [
      "a method of another class",
      node("MethodNode", "builtins.int", {
        content: { func: "x", obj: node("ObjectNode", "sklearn.svm._classes.SVC") },
      }),
    ],
    [
      "a method that leads out of its object",
      node("MethodNode", "sklearn.svm._classes.SVC", {
        content: { func: "__reduce_ex__", obj: node("ObjectNode", "sklearn.svm._classes.SVC") },
      }),
    ],
  ])("may not hold %s", (_, content) => {
    expect(scan(file(content)).verdict).toBe("malicious");
    expect(rules(content)).toEqual(["skops-unsafe-object"]);
  });

  it("is suspicious with a function of Python that models do not need", () =>
    expect(scan(file(node("FunctionNode", "shelve.Shelf"))).verdict).not.toBe("clean"));
  it("only notes a type of a package that nobody knows", () => {
    expect(rules(node("ObjectNode", "my_models.Net"))).toEqual(["skops-unknown-object"]);
    expect(scan(file(node("ObjectNode", "my_models.Net"))).verdict).toBe("clean");
  });
  it("is no pickle by another name (CVE-2025-54886)", () => {
    const report = scan(PAYLOAD);
    expect(report.verdict).toBe("malicious");
    expect(report.findings.map(({ rule }) => rule)).toContain("extension-lie");
  });
  it("may hold a bound method as versions before 0.12 wrote it", () => {
    const owner = node("ObjectNode", "sklearn.linear_model._logistic.LogisticRegression");
    const bound = node("MethodNode", "sklearn.linear_model._base.method", {
      content: { func: "predict", obj: owner },
    });
    expect(rules(bound)).toEqual([]);
    const other = { ...bound, content: { func: "predict", obj: node("ObjectNode", "os._Environ") } };
    expect(rules(other)).toContain("skops-unsafe-object");
  });
  it("scans the members too", () => {
    const schema = { name: "schema.json", data: Buffer.from('{"a":1}') };
    expect(scan(zip(schema, { name: "1.bin", data: PAYLOAD })).verdict).toBe("malicious");
  });
  it("gets a report whatever its nodes are", () => {
    const key = fc.constantFrom("__class__", "__module__", "__loader__", "content", "attrs", "func", "obj");
    const value = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(
          "OperatorFuncNode",
          "MethodNode",
          "JsonNode",
          "operator",
          "a.b",
          "__x__",
          "",
          1,
          null,
        ),
        fc.dictionary(key, tie("tree")),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    })).tree;
    fc.assert(
      fc.property(fc.dictionary(key, value), (content) => {
        expect(rules(content as Node)).not.toContain("parser-failed");
      }),
      { numRuns: 500 },
    );
  });
});

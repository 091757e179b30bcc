import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, PAYLOAD } from "../../testing/assemble.js";
import { sample } from "../../testing/samples.js";

const scan = (data: Uint8Array | string, name: string): FileReport => scanBytes(Buffer.from(data), name);
const rules = (data: Uint8Array | string, name: string): string[] =>
  scan(data, name).findings.map(({ rule }) => rule);

it.each([
  ["xgb-binary_logistic-dart.json", "xgboost"],
  ["xgb-cat.ubj", "xgboost"],
  ["xgb-multi.ubj", "xgboost"],
  ["xgb-1.7-dart.bin", "xgboost"],
  ["lgb-cat.txt", "lightgbm"],
  ["cat-clf.cbm", "catboost"],
  ["cat-Lossguide.cbm", "catboost"],
])("takes %s for a clean %s model", (name, format) => {
  const report = scan(sample(name), name);
  expect(report).toMatchObject({ verdict: "clean", format, findings: [] });
  expect(scan(sample(name), "model").format).toBe(format);
});

interface Model {
  learner: { gradient_booster: { gbtree: { model: { trees: Record<string, unknown>[] } } } };
}

describe("XGBoost", () => {
  const json = sample("xgb-binary_logistic-dart.json").toString();
  const change = (name: string, edit: (list: number[]) => unknown): string => {
    const model = JSON.parse(json) as Model;
    const tree = model.learner.gradient_booster.gbtree.model.trees[1] ?? {};
    tree[name] = edit(tree[name] as number[]);
    return JSON.stringify(model);
  };
  it.each([
    ["a child that is not there", change("left_children", (list) => list.with(0, 500))],
    ["a negative child", change("right_children", (list) => list.with(0, -2))],
    ["a tree that leads back", change("right_children", (list) => list.with(0, 0))],
    ["a child that is no number", change("left_children", ([, ...list]) => ["1", ...list])],
    ["a feature that is not there", change("split_indices", (list) => list.with(0, 5))],
    ["thresholds for some nodes", change("split_conditions", (list) => list.slice(1))],
    ["another number of nodes", change("tree_param", () => ({ num_nodes: "4096" }))],
    ["no features", change("split_indices", () => undefined)],
  ])("reports %s", (_, text) => expect(rules(text, "m.json")).toEqual(["trees-malformed"]));

  const ubj = sample("xgb-cat.ubj");
  it("reports the same in UBJSON", () => {
    const at = ubj.indexOf("left_children[$l#L") + 18 + 8;
    expect(rules(bytes(ubj.subarray(0, at), 0, 0, 2, 0, ubj.subarray(at + 4)), "m.ubj")).toEqual([
      "trees-malformed",
    ]);
  });
  it("reports what follows the model, and scans it", () => {
    expect(rules(bytes(ubj, PAYLOAD), "m.ubj")).toEqual(["trailing-data", "hidden-pickle"]);
  });
  it("reports lengths beyond the file", () => {
    const at = ubj.indexOf("base_weights[$d#L") + 17;
    expect(rules(bytes(ubj.subarray(0, at), 0x7f, ubj.subarray(at + 1)), "m.ubj")).toEqual([
      "trees-malformed",
    ]);
    expect(rules(ubj.subarray(0, 300), "m.ubj")).toEqual(["trees-malformed"]);
  });

  const old = sample("xgb-1.7-dart.bin");
  it("reports a broken tree in the old format", () => {
    // binf, the learner, two names, the booster: then the first tree's parameters and its root.
    const root = 4 + 136 + 8 + "multi:softprob".length + 8 + "dart".length + 160 + 148;
    expect(old.readInt32LE(root)).toBe(-1);
    expect(old.readInt32LE(root + 4)).toBe(1);
    for (const child of [0, 99, -7]) {
      const changed = Buffer.from(old);
      changed.writeInt32LE(child, root + 4);
      expect(rules(changed, "m.bin")).toEqual(["trees-malformed"]);
    }
    expect(rules(old.subarray(0, root + 30), "m.model")).toEqual(["trees-malformed"]);
  });
});

describe("LightGBM", () => {
  const text = sample("lgb-cat.txt").toString();
  it.each([
    [
      "a child that is not there",
      text.replace("left_child=1 5", "left_child=9 5").replace("9 5 7", "99 5 7"),
    ],
    ["a tree that leads back", text.replace("left_child=1 ", "left_child=0 ")],
    ["a leaf that is not there", text.replace("4 -2 8", "4 -99 8")],
    ["a feature that is not there", text.replace("split_feature=1 0", "split_feature=8 0")],
    ["fewer thresholds than nodes", text.replace(/threshold=\S+ /, "threshold=")],
    ["a tree that is larger than stated", text.replace("tree_sizes=1376", "tree_sizes=9376")],
    ["trees that are missing", text.slice(0, text.indexOf("Tree=3"))],
    ["no number of leaves", text.replace("num_leaves=12", "num_leaves=??")],
  ])("reports %s", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(rules(changed, "m.txt")).toEqual(["trees-malformed"]);
  });
});

it("finds a pickle behind the trees", () => {
  expect(rules(bytes(sample("lgb-cat.txt"), PAYLOAD), "m.txt")).toEqual(["hidden-pickle"]);
  expect(rules(bytes(sample("xgb-1.7-dart.bin"), PAYLOAD), "m.bin")).toEqual(["hidden-pickle"]);
});

describe("CatBoost", () => {
  const cbm = sample("cat-clf.cbm");
  it("reports a core that is longer than the file, and a broken offset", () => {
    expect(rules(cbm.subarray(0, 4000), "m.cbm")).toEqual(["trees-malformed"]);
    expect(rules(bytes(cbm.subarray(0, 8), 0xff, 0xff, 0xff, 0x7f, cbm.subarray(12)), "m.cbm")).toEqual([
      "trees-malformed",
    ]);
  });
  it("reports trees that lie outside the splits", () => {
    // Five trees of depth three: TreeSizes is the only vector of five threes.
    const sizes = Buffer.from([5, 3, 3, 3, 3, 3].flatMap((size) => [size, 0, 0, 0]));
    const at = cbm.indexOf(sizes) + 4;
    expect(at).toBeGreaterThan(4);
    for (const size of [4, 2000, -1]) {
      const changed = Buffer.from(cbm);
      changed.writeInt32LE(size, at + 16);
      expect(rules(changed, "m.cbm")).toEqual(["trees-malformed"]);
    }
  });
  it("reports bytes behind the model, and scans them", () => {
    expect(rules(bytes(cbm, PAYLOAD), "m.cbm")).toEqual(["trailing-data", "hidden-pickle"]);
    expect(rules(bytes(cbm, Buffer.alloc(32)), "m.cbm")).toEqual(["trailing-data"]);
  });
});

it("gives a report for any change of any of them", () => {
  const samples = ["xgb-cat.ubj", "xgb-1.7-dart.bin", "lgb-cat.txt", "cat-clf.cbm", "cat-Lossguide.cbm"];
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.nat(),
      fc.uint8Array({ maxLength: 8 }),
      (name, place, patch) => {
        const data = sample(name);
        data.set(patch, place % (data.length - 8));
        expect(rules(data, name)).not.toContain("parser-failed");
      },
    ),
    { numRuns: 500 },
  );
});

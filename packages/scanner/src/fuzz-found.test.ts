import { describe, expect, it } from "vitest";
import type { Verdict } from "./core/report.js";
import { scanBytes } from "./core/scan-bytes.js";
import { bytes, u32, u64, zip } from "./testing/assemble.js";
import { cpuTime } from "./testing/cpu-time.js";

interface Found {
  what: string;
  name: string;
  data: Uint8Array;
  verdict: Verdict;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const EXPLOIT = "{{ ''.__class__.__mro__ }}";

/** Inputs that the fuzzer found (conformance/scanner/fuzz), made small. */
const FOUND: readonly Found[] = [
  {
    what: "a header of 7z that ends early",
    name: "m.7z",
    data: bytes("7z\xbc\xaf\x27\x1c\0\x04"),
    verdict: "incomplete",
  },
  {
    what: "an array file that ends inside the length of its header",
    name: "m.npy",
    data: bytes("\x93NUMPY\x02\0\x10\0"),
    verdict: "suspicious",
  },
  {
    what: "an object where auto_map has a name",
    name: "config.json",
    data: json({ auto_map: { AutoModel: [{ a: 1 }, "code.Model"] } }),
    verdict: "suspicious",
  },
  {
    what: "an object where a notebook has a line",
    name: "a.ipynb",
    data: json({
      cells: [
        { cell_type: "code", source: [{}, "1"] },
        { cell_type: "code", source: {} },
      ],
    }),
    verdict: "clean",
  },
  {
    what: "an object where XGBoost has a number",
    name: "m.json",
    data: json({
      learner: {
        learner_model_param: { num_feature: {} },
        gradient_booster: { name: "gbtree", model: { trees: [{ tree_param: { num_nodes: {} } }] } },
      },
    }),
    verdict: "suspicious",
  },
  {
    what: "an object where TorchServe has the name of a handler",
    name: "m.mar",
    data: zip({ name: "MAR-INF/MANIFEST.json", data: json({ model: { handler: {}, extraFiles: {} } }) }),
    verdict: "clean",
  },
  {
    what: "an object where Keras has a registered name",
    name: "m.json",
    data: json({ class_name: "function", module: "x", registered_name: {}, config: {} }),
    verdict: "suspicious",
  },
  {
    what: "a control character in a comment of Python",
    name: "m.py",
    data: Buffer.from("# \x01\nimport os\nos.system('id')\n"),
    verdict: "malicious",
  },
  {
    what: "a template that begins with a tag",
    name: "t.jinja",
    data: Buffer.from(`<s>${EXPLOIT}`),
    verdict: "malicious",
  },
  {
    what: "a template with a control character",
    name: "t.j2",
    data: Buffer.from(`a\x01${EXPLOIT}`),
    verdict: "malicious",
  },
  {
    what: "YAML in UTF-16",
    name: "m.yaml",
    data: Buffer.from("\ufeffa: !!python/object/apply:os.system [id]\n", "utf16le"),
    verdict: "malicious",
  },
];

function sevenZip(header: Uint8Array): Buffer {
  return bytes("7z\xbc\xaf\x27\x1c\0\x04", u32(0), u64(5), u64(header.length), u32(0), "hello", header);
}

/** A hundred folders, each of which states almost a million files in four bytes. */
function manyFiles(): Buffer {
  const folders = 100;
  const each = (...values: number[]): Buffer => Buffer.from(new Array(folders).fill(values).flat());
  const header = bytes(
    ...[1, 4, 6, 0, 1, 9, 5, 0, 7, 0x0b, folders, 0],
    each(1, 1, 0),
    0x0c,
    each(5),
    ...[0, 8, 0x0d],
    each(0xe0, 0xa0, 0xbb, 0x0d),
    ...[0, 0, 5, 0, 0],
  );
  return sevenZip(header);
}

describe("what fuzzing found", () => {
  it("gives no room to files of 7z that are only counted", () => {
    const started = cpuTime();
    expect(scanBytes(manyFiles(), "m.7z").verdict).not.toBe("malicious");
    const counted = sevenZip(bytes(1, 5, 0xe0, 0x3f, 0x42, 0x0f, 0, 0));
    expect(scanBytes(counted, "m.7z").verdict).toBe("incomplete");
    expect(cpuTime() - started).toBeLessThan(2_000);
  });

  for (const { what, name, data, verdict } of FOUND) {
    it(what, () => {
      const report = scanBytes(data, name);
      expect(report.findings.map(({ rule }) => rule)).not.toContain("parser-failed");
      expect(report.verdict).toBe(verdict);
    });
  }
});

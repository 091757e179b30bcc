import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { scanPath } from "../../path/scan-path.js";
import { bytes, zip } from "../../testing/assemble.js";

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
function field(number: number, content: Uint8Array | string): Buffer {
  const data = Buffer.from(content as string);
  return bytes(...varint((number << 3) | 2), ...varint(data.length), data);
}

type Entries = Readonly<Record<string, string>>;

/** A model of tensors whose data lies elsewhere. */
function model(...tensors: Entries[]): Buffer {
  const initializers = tensors.map((entries) => {
    const external = Object.entries(entries).map(([key, value]) =>
      field(13, bytes(field(1, key), field(2, value))),
    );
    return field(5, bytes(0x10, 1, field(8, "w"), ...external, 0x70, 1));
  });
  return bytes(0x08, 8, field(7, bytes(...initializers)), field(8, bytes(0x10, 17)));
}

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "onnx-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function rulesOf(path: string): Promise<string[]> {
  const { files } = await scanPath(path);
  return files.find(({ path }) => path.endsWith(".onnx"))?.findings.map(({ rule }) => rule) ?? [];
}

function write(name: string, size: number): void {
  writeFileSync(join(directory, name), Buffer.alloc(size, "weights."));
}

describe("external data beside the model", () => {
  const one = { location: "model.onnx_data", offset: "4096", length: "4096" };

  it("fits where many tensors lie in one file, also in the same place, or in files of a folder", async () => {
    mkdirSync(join(directory, "weights"));
    write("model.onnx_data", 8192);
    write("weights/w0", 4096);
    const tensors: Entries[] = [
      one,
      one,
      { location: "model.onnx_data" },
      { location: "weights/w0", length: "4096" },
    ];
    writeFileSync(join(directory, "model.onnx"), model(...tensors));
    expect(await rulesOf(directory)).toEqual(["external-data", "external-data"]);
    expect(await rulesOf(join(directory, "model.onnx"))).toEqual(["external-data", "external-data"]);
  });

  it("does not fit beyond the end of its file", async () => {
    write("model.onnx_data", 8191);
    writeFileSync(join(directory, "model.onnx"), model(one, one));
    expect(await rulesOf(directory)).toEqual(["external-data", "onnx-external-range"]);
  });

  it("that is missing, or a pointer of Git LFS, is a note", async () => {
    writeFileSync(join(directory, "model.onnx"), model(one));
    expect(await rulesOf(directory)).toEqual(["external-data", "external-data-missing"]);
    write("model.onnx_data", 133);
    const { verdict } = await scanPath(directory, { include: "model.onnx" });
    expect(verdict).toBe("clean");
  });

  it("is nothing to say of where nothing is known of the directory", () => {
    expect(scanBytes(model(one), "model.onnx").findings.map(({ rule }) => rule)).toEqual(["external-data"]);
    const inside = scanBytes(zip({ name: "model.onnx", data: model(one) }), "m.zip");
    expect(inside).toMatchObject({ verdict: "clean" });
  });

  it("may be a link in Hugging Face's cache, and one that leads out is not passed over", async () => {
    const snapshot = join(directory, "models--a--b", "snapshots", "0123");
    mkdirSync(snapshot, { recursive: true });
    mkdirSync(join(directory, "models--a--b", "blobs"));
    writeFileSync(join(directory, "models--a--b/blobs/m"), model(one));
    write("models--a--b/blobs/d", 8192);
    symlinkSync("../../blobs/m", join(snapshot, "model.onnx"));
    symlinkSync("../../blobs/d", join(snapshot, "model.onnx_data"));
    expect(await rulesOf(snapshot)).toEqual(["external-data"]);
    expect(await rulesOf(join(snapshot, "model.onnx"))).toEqual(["external-data"]);
    truncateSync(join(directory, "models--a--b/blobs/d"), 5000);
    expect(await rulesOf(snapshot)).toContain("onnx-external-range");

    const other = join(directory, "other");
    mkdirSync(other);
    writeFileSync(join(other, "model.onnx"), model(one));
    symlinkSync("/etc/passwd", join(other, "model.onnx_data"));
    expect((await scanPath(other)).verdict).not.toBe("clean");
  });
});

describe("fields of external data", () => {
  // As onnxruntime 1.31 writes it with `session.save_external_prepacked_constant_initializers`.
  const prepacked = { location: "opt.bin", offset: "0", length: "16384" };

  it("may say where onnxruntime keeps its own layout", () => {
    const entries = { ...prepacked, prepacked_0: "MatMul+3351867440575128976|16384;16384;0" };
    expect(scanBytes(model(entries), "opt.onnx").verdict).toBe("clean");
    expect(scanBytes(model({ ...prepacked, prepacked_0: "../x" }), "opt.onnx").verdict).toBe("suspicious");
  });

  it("may not name two files, of which one lies elsewhere", () => {
    const twice = field(
      5,
      bytes(
        ...["/etc/passwd", "w.bin"].map((path) => field(13, bytes(field(1, "location"), field(2, path)))),
      ),
    );
    const data = bytes(0x08, 8, field(7, twice), field(8, bytes(0x10, 17)));
    expect(scanBytes(data, "m.onnx").verdict).toBe("malicious");
  });

  it("may not give an address of memory", () => {
    const entries = { location: "*/_ORT_MEM_ADDR_/*", offset: "140737488355328", length: "4096" };
    const { verdict, findings } = scanBytes(model(entries), "m.onnx");
    expect(verdict).toBe("malicious");
    expect(findings.map(({ rule }) => rule)).toEqual(["onnx-memory-address"]);
  });
});

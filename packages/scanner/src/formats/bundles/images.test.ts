import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, PAYLOAD, tar } from "../../testing/assemble.js";

const scan = (data: Uint8Array, name: string): FileReport => scanBytes(data, name);
const rules = (data: Uint8Array, name: string): string[] => scan(data, name).findings.map(({ rule }) => rule);
const hex = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const blob = (data: Uint8Array, before = ""): string => `${before}blobs/sha256/${hex(data)}`;

/** Several members; `tar` ends each with the two blocks of the end. */
function tars(...members: Buffer[]): Buffer {
  return bytes(...members.map((member) => member.subarray(0, -1024)), Buffer.alloc(1024));
}

const ELF = bytes("\x7fELF", 2, 1, 1, Buffer.alloc(200));
const layer = (...members: Buffer[]): Buffer =>
  gzipSync(
    tars(
      tar("usr/bin/sh", ELF),
      tar("usr/lib/python3.11/os.py", Buffer.from("os.system('id')\n")),
      tar("etc/alternatives/awk", new Uint8Array(), "2", "/usr/bin/mawk"),
      tar("bin", new Uint8Array(), "2", "../../usr/bin"),
      ...members,
    ),
  );

describe("an OCI layout", () => {
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: { mediaType: "application/vnd.kitops.modelkit.config.v1+json", digest: "sha256:00", size: 2 },
      layers: [
        { mediaType: "application/vnd.kitops.modelkit.model.v1.tar+gzip", digest: "sha256:00", size: 2 },
      ],
    }),
  );
  it("is clean as it is written", () => {
    expect(scan(Buffer.from('{"imageLayoutVersion":"1.0.0"}'), "m/oci-layout")).toMatchObject({
      format: "oci",
      verdict: "clean",
    });
    expect(scan(manifest, blob(manifest))).toMatchObject({ format: "oci", verdict: "clean", findings: [] });
    const model = gzipSync(tar("model.txt", Buffer.from("x")));
    expect(scan(model, blob(model))).toMatchObject({ format: "gzip+tar", verdict: "clean", findings: [] });
  });
  it("may hold a layer of an image, whose software is noted", () => {
    const data = layer(tar("models/a.txt", Buffer.from("x")));
    const report = scan(data, blob(data));
    expect(report).toMatchObject({ format: "gzip+image-layer", verdict: "clean" });
    expect(report.findings.map(({ rule }) => rule)).toEqual(["image-software"]);
  });
  it("is examined inside its layers, among the software too", () => {
    for (const name of ["models/a.pkl", "usr/share/models/a.pkl", "opt/ml/model/a.bin"]) {
      const data = layer(tar(name, PAYLOAD));
      expect(scan(data, blob(data)).verdict).toBe("malicious");
    }
  });
  it("is examined inside one tar file", () => {
    const data = layer(tar("models/a.pkl", PAYLOAD));
    const saved = tars(
      tar("oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}')),
      tar(blob(data), data),
    );
    expect(scan(saved, "saved.tar")).toMatchObject({ format: "image", verdict: "malicious" });
    const clean = layer();
    const tree = tars(tar("manifest.json", Buffer.from("[]")), tar(blob(clean, "./"), clean));
    expect(scan(tree, "saved.tar")).toMatchObject({ format: "image", verdict: "clean" });
  });
  it("may not hold a blob of another name, alone or in one tar file", () => {
    const wrong = blob(Buffer.from("other"));
    expect(rules(manifest, wrong)).toEqual(["blob-digest"]);
    expect(rules(manifest, wrong.replace("sha256/", "sha256-"))).toEqual(["blob-digest"]);
    expect(rules(manifest, wrong.replace("sha256/", ""))).toEqual(["blob-digest"]);
    expect(rules(tar(wrong, manifest), "saved.tar")).toEqual(["blob-digest"]);
  });
});

it("takes only layers for images: a model's tar may not have such links and programs", () => {
  const data = tars(tar("usr/bin/x", ELF), tar("a", new Uint8Array(), "2", "../../etc/passwd"));
  expect(rules(data, "model.tar")).toEqual(expect.arrayContaining(["archive-link", "embedded-executable"]));
});

it("names a NeMo archive", () => {
  const config = tar(
    "./model_config.yaml",
    Buffer.from("encoder:\n  _target_: nemo.collections.asr.modules.X\n"),
  );
  expect(scan(config, "a.nemo")).toMatchObject({ format: "nemo", verdict: "clean" });
  const acts = tar("model_config.yaml", Buffer.from("encoder: {_target_: os.system, command: id}\n"));
  expect(scan(gzipSync(acts), "a.nemo")).toMatchObject({ format: "gzip+nemo", verdict: "malicious" });
});

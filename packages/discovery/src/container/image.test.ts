import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { discoverPath, LIMITS } from "../index.js";
import { TarStream } from "./tar-stream.js";

const root = mkdtempSync(join(tmpdir(), "discover-image-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A tar with these members, as any tar program writes it. */
function tar(members: Record<string, string | Buffer>): Buffer {
  const blocks = Object.entries(members).flatMap(([name, content]) => {
    const body = Buffer.from(content as string);
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write("0000644\0", 100);
    header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\0", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const ONNX = Buffer.from([0x08, 0x07, 0x12, 0x04, 1, 2, 3, 4]);
const LAYER = tar({
  "opt/app/serve.py":
    'from sentence_transformers import SentenceTransformer\nm = SentenceTransformer("all-MiniLM-L6-v2")\n',
  "opt/models/fraud.onnx": ONNX,
  "usr/lib/python3/dist-packages/x.py": 'import openai\nopenai.chat.completions.create(model="gpt-4o")',
  "root/.cache/huggingface/hub/models--org--tiny/refs/main": "abc",
  "../../etc/cron.d/evil.onnx": ONNX,
});
const CONFIG = JSON.stringify({ config: { Env: ["MODEL_ID=org/served-7b"], Cmd: ["python", "serve.py"] } });

function layout(directory: string): string {
  const put = (content: Buffer | string): { digest: string; size: number } => {
    const digest = createHash("sha256").update(content).digest("hex");
    mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
    writeFileSync(join(directory, "blobs/sha256", digest), content);
    return { digest: `sha256:${digest}`, size: content.length };
  };
  const manifest = put(
    JSON.stringify({
      schemaVersion: 2,
      config: put(CONFIG),
      layers: [put(gzipSync(LAYER)), { digest: `sha256:${"0".repeat(64)}` }],
    }),
  );
  writeFileSync(join(directory, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    join(directory, "index.json"),
    JSON.stringify({
      manifests: [
        {
          ...manifest,
          annotations: { "org.opencontainers.image.ref.name": "registry.example/vllm-openai:1" },
        },
      ],
    }),
  );
  return directory;
}

describe("images", () => {
  it("finds what the layers of an OCI layout hold, and notes names that lead outside and layers that are missing", async () => {
    const { findings, notes } = await discoverPath(layout(join(root, "layout")));
    expect(findings.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      "Image registry.example/vllm-openai:1",
      "Model all-MiniLM-L6-v2",
      "Model etc/cron.d/evil.onnx",
      "Model opt/models/fraud.onnx",
      "Model org/served-7b",
      "Model org/tiny",
    ]);
    expect(notes.map(({ reason }) => reason).join("\n")).toMatch(/leads outside/);
    expect(notes.map(({ reason }) => reason).join("\n")).toMatch(/layer is missing/);
  });

  it("finds the same in an archive that docker saved, also inside a directory", async () => {
    const directory = join(root, "saved");
    mkdirSync(directory);
    const archive = tar({
      "manifest.json": JSON.stringify([
        { Config: "c.json", RepoTags: ["ollama/ollama:0.3"], Layers: ["l/layer.tar"] },
      ]),
      "c.json": CONFIG,
      "l/layer.tar": LAYER,
    });
    writeFileSync(join(directory, "image.tar"), archive);
    for (const path of [join(directory, "image.tar"), directory]) {
      const names = (await discoverPath(path)).findings.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(["ollama/ollama:0.3", "opt/models/fraud.onnx", "all-MiniLM-L6-v2"]),
      );
    }
  });

  it("reads damaged archives to the damage, and any bytes without a fault", () => {
    const notes: { file: string; reason: string }[] = [];
    const stream = new TarStream("x", () => 100, LIMITS, notes);
    stream.push(Buffer.concat([LAYER.subarray(0, 2048), Buffer.alloc(600, 7)]));
    expect(notes[0]?.reason).toMatch(/damaged/);
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 6 }),
        fc.nat(4_000),
        (chunks, cut) => {
          const any = new TarStream("x", () => 1_000, LIMITS, []);
          for (const chunk of [LAYER.subarray(0, cut), ...chunks]) any.push(Buffer.from(chunk));
        },
      ),
    );
    const whole = new TarStream("x", () => 10_000, LIMITS, []);
    for (let at = 0; at < LAYER.length; at += 77) whole.push(LAYER.subarray(at, at + 77));
    expect(whole.members.map(({ path }) => path)).toContain("opt/models/fraud.onnx");
  });
});

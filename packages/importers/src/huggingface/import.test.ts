import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkDocument } from "@countersign/inventory";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { all } from "../../test/server.js";
import { readCard } from "./card.js";
import { importHuggingFace } from "./import.js";
import { licenceOf } from "./licence.js";

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 4294967296\n`;
const CARD = `---
license: other
license_name: acme-community-1
license_link: LICENSE
base_model:
- bigco/base-7b
- bigco/other
base_model_relation: merge
datasets:
- org/facts
language: en
pipeline_tag: text-generation
library_name: transformers
tags: [chat, merge]
---
# A model
`;

describe("import of Hugging Face repositories", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "countersign-hf-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const found = async (options = {}) => {
    const whole = await all(importHuggingFace(root, options));
    for (const document of whole.documents) checkDocument(document);
    return whole;
  };

  it("reads a clone: card, configuration, where it was cloned from", async () => {
    await put("README.md", CARD);
    await put("config.json", JSON.stringify({ architectures: ["LlamaForCausalLM"], model_type: "llama" }));
    await put("model.safetensors", new Uint8Array(64));
    await put(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n");
    await put(
      ".git/config",
      '[remote "origin"]\n\turl = https://jane:hf_secret@huggingface.co/org/model-7b\n',
    );
    const { documents, artifacts, notes } = await found();
    expect(notes).toEqual([]);
    expect(documents).toMatchObject([
      {
        kind: "Model",
        metadata: {
          name: "org/model-7b",
          tags: { licence: "LicenseRef-acme-community-1" },
          labels: {
            "huggingface/architecture": "LlamaForCausalLM",
            "huggingface/relation": "merge",
            "huggingface/tags": "chat, merge",
          },
        },
        spec: {
          task: "text-generation",
          framework: "transformers",
          origin: "https://huggingface.co/org/model-7b",
          baseModel: ["bigco/base-7b", "bigco/other"],
          datasets: ["org/facts"],
        },
      },
    ]);
    expect(artifacts).toMatchObject([
      { kind: "Model", name: "org/model-7b", licence: "LicenseRef-acme-community-1" },
    ]);
    expect(JSON.stringify(documents)).not.toContain("hf_secret");
  });

  it("reads the hub's cache: names, the revision that main means, links to blobs", async () => {
    const repo = "models--org--m--x";
    await put(`${repo}/refs/main`, "c0ffee");
    await put(`${repo}/blobs/b1`, "{}");
    await put(`${repo}/blobs/b2`, new Uint8Array(64));
    for (const revision of ["c0ffee", "0ld"]) {
      await mkdir(join(root, repo, "snapshots", revision), { recursive: true });
      await symlink("../../blobs/b1", join(root, repo, "snapshots", revision, "config.json"));
      await symlink("../../blobs/b2", join(root, repo, "snapshots", revision, "model.safetensors"));
    }
    await put("datasets--org--facts/refs/main", "d1");
    await put(
      "datasets--org--facts/snapshots/d1/README.md",
      "---\nlicense: cc-by-4.0\nsize_categories: [1K<n<10K]\n---\n",
    );
    const { documents, artifacts, notes } = await found();
    expect(
      documents.map(({ kind, metadata }) => [kind, metadata.name, metadata.labels?.["huggingface/revision"]]),
    ).toEqual([
      ["Dataset", "org/facts", "d1"],
      ["Model", "org/m--x", "c0ffee"],
    ]);
    expect(notes).toEqual(["org/m--x: 1 older revisions lie here too; the newest is imported"]);
    expect(artifacts[1]?.linked?.map(({ name }) => name)).toEqual(["config.json", "model.safetensors"]);
  });

  it("tells pointers and missing shards from bytes, and admits neither", async () => {
    await put("a/config.json", "{}");
    await put("a/model.safetensors", POINTER);
    await put("b/config.json", "{}");
    await put(
      "b/model.safetensors.index.json",
      JSON.stringify({ weight_map: { x: "one.safetensors", y: "two.safetensors" } }),
    );
    await put("b/one.safetensors", "x");
    const { documents, artifacts, notes } = await found();
    expect(documents.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    expect(artifacts).toEqual([]);
    expect(notes).toEqual([
      "a: 1 files are Git LFS pointers without their bytes (git lfs pull)",
      "b: 1 files that its index names are not here",
    ]);
  });

  it("follows no link out of the directory, and none to a directory", async () => {
    const outside = await mkdtemp(join(tmpdir(), "countersign-outside-"));
    await writeFile(join(outside, "README.md"), "---\nlicense: mit\n---\nsecret");
    await symlink(join(outside, "README.md"), join(root, "README.md"));
    await symlink(outside, join(root, "folder"));
    await symlink("nowhere", join(root, "broken"));
    await symlink(root, join(root, "circle"));
    await put("config.json", "{}");
    const { documents, notes } = await found();
    expect(documents[0]?.metadata.tags).toBeUndefined();
    expect(notes.join("\n")).toMatch(/README\.md is a link that leads out/);
    expect(notes).toHaveLength(4);
    await rm(outside, { recursive: true });
  });

  it("answers a bomb, a wrong card and a huge one with a note", async () => {
    const levels = Array.from(
      { length: 30 },
      (_, at) => `k${at}: &a${at} [*a${at - 1},*a${at - 1},*a${at - 1}]`,
    ).slice(1);
    for (const yaml of [
      `k0: &a0 x\n${levels.join("\n")}`,
      "[".repeat(50_000),
      "a: b: c",
      "license: mit\nlicense: gpl",
      "!!js/function x",
    ]) {
      await put("README.md", `---\n${yaml}\n---\n`);
      const { documents, notes } = await found();
      expect(documents[0]?.metadata.tags).toBeUndefined();
      expect(notes.join()).toContain("cannot be read");
    }
    await put("README.md", `---\nlicense: mit\n---\n${"x".repeat(5 * 1024 * 1024)}`);
    await put("config.json", "[".repeat(100_000));
    expect((await found()).documents).toHaveLength(1);
  });

  it("takes any card without a fault", () => {
    const junk = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom(CARD, "---\n", "---\n---\n", "--- \nx: [\n---"),
    );
    fc.assert(
      fc.property(fc.array(junk, { maxLength: 4 }), (parts) => {
        const card = readCard(Buffer.from(parts.join("")));
        if (card.ok) licenceOf(card.metadata);
        const wrapped = readCard(Buffer.from(`---\n${parts.join("")}\n---\n`));
        if (wrapped.ok) licenceOf(wrapped.metadata);
      }),
    );
  });

  it("writes licences as SPDX does", () => {
    const spdx = (license: unknown, more = {}) => licenceOf({ license, ...more });
    expect(spdx("apache-2.0")).toBe("Apache-2.0");
    expect(spdx("cc-by-nc-sa-4.0")).toBe("CC-BY-NC-SA-4.0");
    expect(spdx("llama3.1")).toBe("LicenseRef-llama3.1");
    expect(spdx(["mit", "apache-2.0"])).toBe("MIT AND Apache-2.0");
    expect(spdx("other")).toBeUndefined();
    expect(spdx("constructor")).toBe("LicenseRef-constructor");
    expect(spdx({ x: 1 })).toBeUndefined();
  });

  it("takes a name where the files say none", async () => {
    await put("model.gguf", "x");
    expect((await found({ name: "org/quantised" })).documents[0]?.metadata.name).toBe("org/quantised");
  });
});

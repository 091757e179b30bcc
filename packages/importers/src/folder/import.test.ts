import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkDocument } from "@countersign/inventory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { all } from "../../test/server.js";
import { importFolder } from "./import.js";

describe("import of a folder", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "countersign-folder-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const put = async (...paths: string[]): Promise<void> => {
    for (const path of paths) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), "x");
    }
  };

  it("tells models from data, and parts from wholes", async () => {
    await put(
      "churn/MLmodel",
      "churn/model.pkl",
      "churn/nested/extra.pt",
      "llm/config.json",
      "llm/model-1.safetensors",
    );
    await put(
      "loose/a.onnx",
      "loose/b.onnx",
      "loose/notes.txt",
      "data/train.csv.gz",
      "parts/0.parquet",
      "parts/1.parquet",
    );
    await put("node_modules/x/model.onnx", "__pycache__/m.pkl");
    const { documents, artifacts } = await all(importFolder(root));
    for (const document of documents) checkDocument(document);
    expect(documents.map(({ kind, metadata }) => `${kind}:${metadata.name}`)).toEqual([
      "Model:churn",
      "Dataset:data/train",
      "Model:llm",
      "Model:loose/a",
      "Model:loose/b",
      "Dataset:parts",
    ]);
    expect(artifacts.map(({ path }) => path.slice(root.length + 1))).toEqual([
      "churn",
      "data/train.csv.gz",
      "llm",
      "loose/a.onnx",
      "loose/b.onnx",
      "parts",
    ]);
    expect(documents[0]?.metadata.labels).toMatchObject({ "folder/files": "3" });
  });

  it("puts a prefix before names, and says when there is nothing", async () => {
    expect((await all(importFolder(root))).notes).toEqual([
      "nothing here has the extension of a model or of data",
    ]);
    await put("a b/c\u202e.onnx");
    const [document] = (await all(importFolder(root, { name: "team" }))).documents;
    expect(document?.metadata).toMatchObject({ name: "team/a+20b/c+E2+80+AE", title: "team/a b/c\u202e" });
  });

  it("refuses what is no directory", async () => {
    await expect(all(importFolder(join(root, "missing")))).rejects.toMatchObject({ code: "path-not-found" });
  });
});

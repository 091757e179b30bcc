import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatasetAdmitResult } from "@countersign/api";
import { S3 } from "@countersign/datasets";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestStorage } from "../testing/s3.js";
import { type TestServer, testServer } from "../testing/server.js";
import { type Trainer, trainer } from "../testing/train.js";

let storage: TestStorage;
let s3: S3;
beforeAll(async () => {
  storage = await TestStorage.start();
  const { endpoint, accessKeyId, secretAccessKey } = storage;
  s3 = new S3({ endpoint, region: "eu-west-1", accessKeyId, secretAccessKey, fetch, clock: Date.now });
});
afterAll(() => storage.close());
beforeEach(() => {
  storage.objects.clear();
  storage.trouble = () => undefined;
  storage.pageSize = 1_000;
});

async function read(bucket: string, key: string): Promise<string> {
  const [object] = await s3.list(bucket, key);
  if (object === undefined) throw new Error("nothing there");
  const { bytes } = await s3.read(bucket, object);
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("S3-compatible storage", () => {
  test("signs what another implementation of the signature accepts, whatever the key", async () => {
    const keys = [
      "a.csv",
      "größe/模型 1.csv",
      "a+b=c&d.csv",
      "it's (1)*!.csv",
      "per%20cent.csv",
      "tilde~.csv",
      'q"<>.csv',
    ];
    for (const key of keys) {
      storage.objects.clear();
      storage.put(key, `of ${key}`);
      expect(await read("lake", key)).toBe(`of ${key}`);
    }
  });

  test("a directory is what lies below it, over several pages, without what only begins alike", async () => {
    for (let at = 0; at < 25; at++) storage.put(`data/part-${String(at).padStart(2, "0")}.csv`, `${at}`);
    storage.put("data/", "");
    storage.put("data-old/x.csv", "x");
    storage.pageSize = 7;
    const objects = await s3.list("lake", "data");
    expect(objects.map(({ name }) => name)).toEqual(
      Array.from({ length: 25 }, (_, at) => `part-${String(at).padStart(2, "0")}.csv`),
    );
    expect(await s3.list("lake", "nothing")).toEqual([]);
  });

  test("an object that was written again after it was listed is refused", async () => {
    storage.put("a.csv", "one");
    const [object] = await s3.list("lake", "a.csv");
    storage.put("a.csv", "two");
    if (object) await expect(s3.read("lake", object)).rejects.toMatchObject({ code: "file-changed" });
  });

  test("passing trouble is tried again, lasting trouble is a fault with a code", async () => {
    storage.put("a.csv", "one");
    let times = 0;
    storage.trouble = () => (++times <= 2 ? 503 : undefined);
    expect(await read("lake", "a.csv")).toBe("one");
    storage.trouble = () => 500;
    await expect(s3.list("lake", "a.csv")).rejects.toMatchObject({ code: "file-unreadable" });
    storage.trouble = () => 403;
    await expect(s3.list("lake", "a.csv")).rejects.toMatchObject({ code: "forbidden" });
    const { endpoint, accessKeyId } = storage;
    const wrong = new S3({
      endpoint,
      region: "x",
      accessKeyId,
      secretAccessKey: "no",
      fetch,
      clock: Date.now,
    });
    await expect(wrong.list("lake", "a.csv")).rejects.toMatchObject({ code: "forbidden" });
  });

  test("a redirect is not followed: the signature goes to the configured host alone", async () => {
    storage.trouble = () => 307;
    await expect(s3.list("lake", "a.csv")).rejects.toThrow();
  });
});

describe("a dataset in storage", () => {
  let server: TestServer;
  let root = "";
  let training: Trainer;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "s3-"));
    const { endpoint, accessKeyId, secretAccessKey } = storage;
    server = await testServer({
      s3Endpoint: endpoint,
      s3AccessKeyId: accessKeyId,
      s3SecretAccessKey: secretAccessKey,
    });
    training = await trainer(server);
  });
  afterAll(async () => {
    await server.dispose();
    await rm(root, { recursive: true, force: true });
  });

  const refer = async (name: string, location: string): Promise<DatasetAdmitResult> => {
    const job = await server.client.datasets.refer({ name, location });
    return (await server.client.jobs.wait(job.id, { every: 20 })).result as DatasetAdmitResult;
  };

  const judge = (name: string, digest: string, uri: string): Promise<object> =>
    training.logInput({ name, digest, source: { uri } });

  test("is admitted where it is, pinned to its objects, with no copy kept", async () => {
    storage.put("apps/2026/a.csv", "x,y\n1,2\n3,4\n");
    storage.put("apps/2026/deep/b.csv", "x,y\n5,6\n");
    const result = await refer("lake", "s3://lake/apps/2026");
    expect(result).toMatchObject({ files: 2, place: { kind: "s3", location: "s3://lake/apps/2026" } });
    expect(result.profile.rows).toBe(3);
    const version = await server.client.datasets.version("lake", result.artifact);
    expect(version.manifest.files.map(({ name }) => name)).toEqual(["a.csv", "deep/b.csv"]);
    // The same bytes elsewhere are the same version.
    storage.put("copy/a.csv", "x,y\n1,2\n3,4\n");
    storage.put("copy/deep/b.csv", "x,y\n5,6\n");
    expect((await refer("lake", "s3://lake/copy")).artifact).toBe(result.artifact);
  });

  test("a run that reads it is let through while the objects are the same, and stopped once one changed", async () => {
    storage.put("train.csv", "x,y\n1,2\n");
    const { artifact } = await refer("watched", "s3://lake/train.csv");
    expect(await judge("watched", "12345678", "s3://lake/train.csv")).toEqual({ outcome: "known", artifact });
    storage.put("train.csv", "x,y\n1,3\n");
    expect(await judge("watched", "12345678", "s3://lake/train.csv")).toMatchObject({
      outcome: "refused",
      message: expect.stringMatching(
        /no longer has the digest.*countersign dataset admit s3:\/\/lake\/train.csv --name watched$/,
      ),
    });
  });

  test("keys that lead elsewhere become no files", async () => {
    for (const key of ["up/../../etc.csv", "back\\slash.csv", "a//b.csv"]) {
      storage.objects.clear();
      storage.put(`bad/${key}`, "x\n1\n");
      await expect(refer("bad", "s3://lake/bad")).rejects.toMatchObject({ code: "path-outside" });
    }
  });

  test("nothing there, and a list that lies about a size", async () => {
    await expect(refer("none", "s3://lake/none")).rejects.toMatchObject({ code: "manifest-empty" });
    storage.put("short.csv", "x\n1\n");
    const stored = storage.objects.get("short.csv");
    const bytes = Buffer.from("x\n1\n2\n3\n");
    let listed = false;
    storage.trouble = (request) => {
      if (listed && stored) stored.bytes = bytes;
      listed ||= request.url?.includes("list-type") === true;
      return undefined;
    };
    await expect(refer("short", "s3://lake/short.csv")).rejects.toMatchObject({ code: "file-changed" });
  });
});

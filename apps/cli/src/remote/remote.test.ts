import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MALICIOUS_PICKLE } from "../testing/models.js";
import { scanRemote } from "./scan-remote.js";

/** A safetensors file whose tensor is far larger than its header. */
function largeSafetensors(bytes: number): Buffer {
  const header = JSON.stringify({ w: { dtype: "U8", shape: [bytes], data_offsets: [0, bytes] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(bytes, 7)]);
}

const LARGE = largeSafetensors(24 * 1024 * 1024);
const FILES: Record<string, Uint8Array> = {
  "/plain/model.pkl": MALICIOUS_PICKLE,
  "/plain/model.safetensors": LARGE,
  "/plain/empty.txt": Buffer.alloc(0),
  "/owner/name/resolve/main/model.safetensors": LARGE,
  "/owner/name/resolve/main/sub/evil.pkl": MALICIOUS_PICKLE,
  "/bucket/models/evil.pkl": MALICIOUS_PICKLE,
  "/api/2.0/mlflow-artifacts/artifacts/1/models/m-1/artifacts/model.pkl": MALICIOUS_PICKLE,
};
const JSONS: Record<string, unknown> = {
  "/api/models/owner/name/tree/main?recursive=true": [
    { type: "directory", path: "sub", size: 0 },
    { type: "file", path: "model.safetensors", size: LARGE.length },
    { type: "file", path: "sub/evil.pkl", size: MALICIOUS_PICKLE.length },
  ],
  "/api/2.0/mlflow/model-versions/get-download-uri?name=risk&version=1": { artifact_uri: "models:/m-1" },
  "/api/2.0/mlflow/logged-models/m-1": {
    model: { info: { artifact_uri: "mlflow-artifacts:/1/models/m-1/artifacts" } },
  },
  "/api/2.0/mlflow-artifacts/artifacts?path=1%2Fmodels%2Fm-1%2Fartifacts": {
    files: [{ path: "model.pkl", is_dir: false, file_size: MALICIOUS_PICKLE.length }],
  },
};
const BUCKET = `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>models/evil.pkl</Key><ETag>"v1"</ETag><Size>${MALICIOUS_PICKLE.length}</Size></Contents></ListBucketResult>`;

let server: Server;
let base = "";
let tokens: (string | undefined)[] = [];
const behaviour = { ranges: true, etag: '"v1"', changeAfter: Number.POSITIVE_INFINITY, requests: 0 };

function answer(request: IncomingMessage, response: ServerResponse): void {
  behaviour.requests++;
  const path = request.url ?? "";
  tokens.push(request.headers.authorization);
  if (path.startsWith("/bucket?") && path.includes("list-type=2")) return void response.end(BUCKET);
  if (path.startsWith("/endless")) return void response.end('{"files":[{"path":"again","is_dir":true}]}');
  if (path in JSONS) return void response.end(JSON.stringify(JSONS[path]));
  const bytes = FILES[path.split("?")[0] ?? ""];
  if (bytes === undefined) return void response.writeHead(404).end();
  sendBytes(request, response, bytes);
}

function sendBytes(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  const etag = behaviour.requests > behaviour.changeAfter ? '"v2"' : behaviour.etag;
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (!behaviour.ranges || range === null) {
    response.writeHead(200, { etag, "content-length": bytes.length }).end(bytes);
    return;
  }
  const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
  if (from >= bytes.length) return void response.writeHead(416).end();
  response
    .writeHead(206, { etag, "content-range": `bytes ${from}-${to}/${bytes.length}` })
    .end(bytes.subarray(from, to + 1));
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

function scan(address: string, env: Record<string, string> = {}, change: Partial<typeof behaviour> = {}) {
  Object.assign(
    behaviour,
    { ranges: true, etag: '"v1"', changeAfter: Number.POSITIVE_INFINITY, requests: 0 },
    change,
  );
  tokens = [];
  const { signal } = new AbortController();
  return scanRemote(address, { env, fetch, clock: Date.now, signal, patienceMs: 2_000 });
}

describe("scanning an address", { timeout: 60_000 }, () => {
  it("reads by ranges, and only what it needs", async () => {
    const { report, fetched, size } = await scan(`${base}/plain/model.safetensors`);
    expect(report.files).toMatchObject([
      { path: "model.safetensors", format: "safetensors", verdict: "clean", sha256: "" },
    ]);
    expect(size).toBe(LARGE.length);
    expect(fetched).toBeLessThan(2 * 1024 * 1024);
  });

  it("finds what a local scan finds", async () => {
    const { report } = await scan(`${base}/plain/model.pkl`);
    expect(report.verdict).toBe("malicious");
    expect(report.files[0]?.size).toBe(MALICIOUS_PICKLE.length);
  });

  it("fetches the whole file where the server sends no ranges", async () => {
    const { report, fetched } = await scan(`${base}/plain/model.pkl`, {}, { ranges: false });
    expect(report.verdict).toBe("malicious");
    expect(fetched).toBe(MALICIOUS_PICKLE.length);
    expect((await scan(`${base}/plain/empty.txt`)).report.verdict).toBe("clean");
  });

  it("does not call a file clean that changes while it is read", async () => {
    const { report } = await scan(`${base}/plain/model.safetensors`, {}, { changeAfter: 1 });
    expect(report.verdict).toBe("incomplete");
  });

  it("says that there is nothing, and that a server is away", async () => {
    await expect(scan(`${base}/none`)).rejects.toMatchObject({ code: "not-found" });
    await expect(scan("http://127.0.0.1:1/x")).rejects.toMatchObject({ code: "server-unreachable" });
  });

  it("scans a repository of a hub, or a part of it, with its token", async () => {
    const env = { HF_ENDPOINT: base, HF_TOKEN: "secret" };
    const whole = await scan("hf://owner/name", env);
    expect(whole.report.files.map(({ path, verdict }) => `${path} ${verdict}`)).toEqual([
      "model.safetensors clean",
      "sub/evil.pkl malicious",
    ]);
    expect(new Set(tokens)).toEqual(new Set(["Bearer secret"]));
    expect((await scan("hf://owner/name@main/model.safetensors", env)).report.files).toHaveLength(1);
    await expect(scan("hf://owner", env)).rejects.toMatchObject({ code: "usage" });
  });

  it("gives up on a listing that does not end", async () => {
    const env = { MLFLOW_TRACKING_URI: `${base}/endless` };
    await expect(scan("mlflow-artifacts:/1/x", env)).rejects.toMatchObject({ code: "payload-too-large" });
  });

  it("scans objects of a bucket by signed addresses", async () => {
    const env = { AWS_ENDPOINT_URL: base, AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };
    const { report } = await scan("s3://bucket/models/", env);
    expect(report.files).toMatchObject([{ path: "evil.pkl", verdict: "malicious" }]);
    await expect(scan("s3://bucket/models/", {})).rejects.toMatchObject({ code: "usage" });
  });

  it("scans a registered model behind an MLflow server", async () => {
    const { report } = await scan("models:/risk/1", {
      MLFLOW_TRACKING_URI: base,
      MLFLOW_TRACKING_TOKEN: "t",
    });
    expect(report.files).toMatchObject([{ path: "model.pkl", verdict: "malicious" }]);
  });
});

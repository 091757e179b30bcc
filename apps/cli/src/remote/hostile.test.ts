import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { MALICIOUS_PICKLE } from "../testing/models.js";
import { hubAddress } from "./huggingface.js";
import { send } from "./request.js";
import { type RemoteOptions, scanRemote } from "./scan-remote.js";

const PATIENCE_MS = 400;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function serve(listener: RequestListener, host = "127.0.0.1"): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => void server.listen(0, host, done));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function scan(address: string, env: Record<string, string> = {}, options: RemoteOptions = {}) {
  const { signal } = new AbortController();
  const surroundings = { env, fetch, clock: Date.now, signal, patienceMs: PATIENCE_MS };
  return scanRemote(address, surroundings, options);
}

/** Sends the asked range of some bytes; `change` may lie about it. */
function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  etag = '"1"',
): void {
  const [, from = "0", to = "0"] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const end = Math.min(Number(to), bytes.length - 1);
  response
    .writeHead(206, { etag, "content-range": `bytes ${from}-${end}/${bytes.length}` })
    .end(bytes.subarray(Number(from), end + 1));
}

const isProbe = (request: IncomingMessage): boolean => request.headers.range === "bytes=0-0";
const CLEAN = Buffer.from(`{"a": "${"x".repeat(2_000_000)}"}`);

describe("a server that misbehaves", { timeout: 60_000 }, () => {
  it.each<[string, RequestListener]>([
    [
      "ignores ranges once it has said that it knows them",
      (request, response) =>
        isProbe(request) ? sendRange(request, response, CLEAN) : void response.end(CLEAN),
    ],
    [
      "says that the file is longer than it is",
      (request, response) => {
        const range = { etag: '"1"', "content-range": "bytes 0-0/9000000" };
        if (isProbe(request)) response.writeHead(206, range).end("{");
        else sendRange(request, response, CLEAN);
      },
    ],
    [
      "sends more than was asked for",
      (request, response) => {
        if (isProbe(request)) return sendRange(request, response, CLEAN);
        const range = request.headers.range?.replace("bytes=", "bytes ") ?? "";
        response.writeHead(206, { etag: '"1"', "content-range": `${range}/${CLEAN.length}` });
        response.end(Buffer.alloc(64 * 1024 * 1024));
      },
    ],
    [
      "sends less than was asked for, and no more",
      (request, response) => {
        if (isProbe(request)) return sendRange(request, response, CLEAN);
        const range = request.headers.range?.replace("bytes=", "bytes ") ?? "";
        response.writeHead(206, { etag: '"1"', "content-range": `${range}/${CLEAN.length}` }).end("{");
      },
    ],
    [
      "stops in the middle",
      (request, response) => {
        if (isProbe(request)) return sendRange(request, response, CLEAN);
        const range = request.headers.range?.replace("bytes=", "bytes ") ?? "";
        response.writeHead(206, { etag: '"1"', "content-range": `${range}/${CLEAN.length}` }).write("{");
      },
    ],
    [
      "has another file by then",
      (request, response) => sendRange(request, response, CLEAN, isProbe(request) ? '"1"' : '"2"'),
    ],
    [
      "forgets the name of the version by then",
      (request, response) => sendRange(request, response, CLEAN, isProbe(request) ? '"1"' : ""),
    ],
  ])("that %s leaves the file incomplete", async (_, listener) => {
    const { report } = await scan(`${await serve(listener)}/config.json`);
    expect(report.files).toMatchObject([{ path: "config.json", verdict: "incomplete", sha256: "" }]);
  });

  it("is not waited for", async () => {
    const silent = await serve(() => undefined);
    await expect(scan(`${silent}/x.pkl`)).rejects.toMatchObject({
      message: expect.stringContaining("does not answer"),
    });
    const dripping = await serve((_, response) => void response.writeHead(200).write("{"));
    await expect(scan(`${dripping}/x.json`)).rejects.toMatchObject({
      message: expect.stringContaining("stopped sending"),
    });
  });

  it("breaks off a file that it sends whole", async () => {
    const base = await serve((_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("{}");
      setTimeout(() => response.destroy(), 50);
    });
    await expect(scan(`${base}/x.json`)).rejects.toMatchObject({ code: "server-unreachable" });
  });

  it("does not bring the other files down", async () => {
    const listing = [
      { type: "file", path: "gone.json", size: 2 },
      { type: "file", path: "evil.pkl", size: 21 },
    ];
    const base = await serve((request, response) => {
      if (request.url?.startsWith("/api/")) response.end(JSON.stringify(listing));
      else if (request.url?.endsWith("gone.json")) response.writeHead(500).end();
      else sendRange(request, response, MALICIOUS_PICKLE);
    });
    const { report } = await scan("hf://owner/name", { HF_ENDPOINT: base });
    expect(report.files.map(({ path, verdict }) => `${path} ${verdict}`)).toEqual([
      "gone.json incomplete",
      "evil.pkl malicious",
    ]);
    expect(report.files[1]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(["../../../admin", "a/../b", "a//b", "..", "a\\b"])("may not lead us to %s", async (path) => {
    const asked: (string | undefined)[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify([{ type: "file", path, size: 2 }]));
    });
    await expect(scan("hf://owner/name", { HF_ENDPOINT: base })).rejects.toMatchObject({
      code: "path-outside",
    });
    expect(asked).toHaveLength(1);
  });
});

describe("a token", { timeout: 60_000 }, () => {
  it("does not follow a redirect to another host", async () => {
    const seen: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      seen.push(request.headers.authorization);
      sendRange(request, response, MALICIOUS_PICKLE);
    });
    const hub = await serve((request, response) => {
      if (request.headers.authorization !== "Bearer secret") return void response.writeHead(401).end();
      if (request.url?.startsWith("/api/")) {
        return void response.end(JSON.stringify([{ type: "file", path: "evil.pkl", size: 21 }]));
      }
      response.writeHead(302, { location: `${store}/blob` }).end();
    });
    const { report } = await scan("hf://owner/name", { HF_ENDPOINT: hub, HF_TOKEN: "secret" });
    expect(report.verdict).toBe("malicious");
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  it("does not go to another host for the next page", async () => {
    const asked: string[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.end("[]");
    });
    const hub = await serve((request, response) => {
      if (!request.url?.startsWith("/api/")) return sendRange(request, response, MALICIOUS_PICKLE);
      response.writeHead(200, { link: `<${elsewhere}/api/next>; rel="next"` });
      response.end(JSON.stringify([{ type: "file", path: "evil.pkl", size: 21 }]));
    });
    await expect(scan("hf://owner/name", { HF_ENDPOINT: hub, HF_TOKEN: "secret" })).rejects.toMatchObject({
      code: "server-unreachable",
    });
    expect(asked).toEqual([]);
  });

  it("is not sent where https becomes http", async () => {
    const answer = Object.assign(new Response("x"), {});
    Object.defineProperty(answer, "url", { value: "http://store.example/x" });
    const { signal } = new AbortController();
    const surroundings = { env: {}, clock: Date.now, signal, fetch: async () => answer };
    await expect(send("https://hub.example/x", {}, surroundings)).rejects.toMatchObject({
      message: expect.stringContaining("from https to http"),
    });
  });

  it("is asked for where one is needed", async () => {
    const gated = await serve(
      (_, response) => void response.writeHead(401, { "x-error-code": "GatedRepo" }).end(),
    );
    await expect(scan("hf://owner/name", { HF_ENDPOINT: gated })).rejects.toMatchObject({
      code: "unauthorised",
      detail: { remedy: expect.stringContaining("accept the conditions") },
    });
    const hidden = await serve((_, response) => void response.writeHead(403).end());
    await expect(scan("hf://owner/name", { HF_ENDPOINT: hidden })).rejects.toMatchObject({
      code: "unauthorised",
      detail: { remedy: expect.stringContaining("HF_TOKEN") },
    });
    await expect(scan("models:/risk/1", { MLFLOW_TRACKING_URI: hidden })).rejects.toMatchObject({
      detail: { remedy: expect.stringContaining("MLFLOW_TRACKING_TOKEN") },
    });
    const keys = { AWS_ENDPOINT_URL: hidden, AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };
    await expect(scan("s3://bucket/x", keys)).rejects.toMatchObject({ code: "unauthorised" });
  });
});

describe("a hub", { timeout: 120_000 }, () => {
  it("is asked for a revision, and for what lies in a folder", async () => {
    const asked: string[] = [];
    const base = await serve((request, response) => {
      asked.push(request.url ?? "");
      if (!request.url?.startsWith("/api/")) return sendRange(request, response, MALICIOUS_PICKLE);
      const paths = ["a.pkl", "sub/b c.pkl", "subway/d.pkl"];
      response.end(JSON.stringify(paths.map((path) => ({ type: "file", path, size: 21 }))));
    });
    const { report } = await scan("hf://datasets/owner/name@refs/pr/1/sub", { HF_ENDPOINT: base });
    expect(report.files.map(({ path }) => path)).toEqual(["sub/b c.pkl"]);
    expect(asked.slice(0, 2)).toEqual([
      "/api/datasets/owner/name/tree/refs%2Fpr%2F1?recursive=true",
      "/datasets/owner/name/resolve/refs%2Fpr%2F1/sub/b%20c.pkl",
    ]);
  });

  it("may keep many files, on many pages", async () => {
    const [pages, each] = [3, 40];
    const base = await serve((request, response) => {
      const url = new URL(request.url ?? "", "http://x");
      if (!url.pathname.startsWith("/api/")) return sendRange(request, response, Buffer.from("{}"));
      const page = Number(url.searchParams.get("cursor") ?? 0);
      const next = `<${base}${url.pathname}?cursor=${page + 1}>; rel="next"`;
      response.writeHead(200, page + 1 < pages ? { link: next } : {});
      const paths = Array.from({ length: each }, (_, at) => `part-${page}-${at}.json`);
      response.end(JSON.stringify(paths.map((path) => ({ type: "file", path, size: 2 }))));
    });
    const progress: number[] = [];
    const { report } = await scan(
      "hf://owner/name",
      { HF_ENDPOINT: base },
      { exclude: ["part-2-*"], onProgress: (done) => progress.push(done) },
    );
    expect(report.files).toHaveLength((pages - 1) * each);
    expect(report.verdict).toBe("clean");
    expect(progress.at(-1)).toBe(report.files.length);
  });

  it.each([
    ["https://huggingface.co/owner/name", "hf://owner/name"],
    ["https://huggingface.co/owner/name/tree/main", "hf://owner/name@main"],
    ["https://huggingface.co/owner/name/blob/v1/sub/x.pt", "hf://owner/name@v1/sub/x.pt"],
    [
      "https://huggingface.co/datasets/owner/name/resolve/refs%2Fpr%2F1/x",
      "hf://datasets/owner/name@refs/pr/1/x",
    ],
    ["https://huggingface.co/api/models", undefined],
    ["https://huggingface.co.example/owner/name", undefined],
  ])("is known by the address of its page: %s", (address, hub) => {
    expect(hubAddress(address, {})).toBe(hub);
  });
});

describe("a storage", { timeout: 60_000 }, () => {
  const bucket =
    '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>m/evil.pkl</Key><ETag>"1"</ETag><Size>21</Size></Contents></ListBucketResult>';
  const start = async () => {
    const asked: { url: string; authorization: string | undefined }[] = [];
    const base = await serve((request, response) => {
      asked.push({ url: request.url ?? "", authorization: request.headers.authorization });
      if (request.url?.includes("list-type=2")) response.end(bucket);
      else sendRange(request, response, MALICIOUS_PICKLE);
    });
    return { asked, base };
  };

  it("is read by path below its endpoint, signed for its region", async () => {
    const { asked, base } = await start();
    const env = { AWS_ENDPOINT_URL: `${base}/gateway/`, AWS_REGION: "eu-north-1" };
    const keys = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "session" };
    const { report } = await scan("s3://bucket/m/", { ...env, ...keys });
    expect(report.files).toMatchObject([{ path: "evil.pkl", verdict: "malicious" }]);
    expect(asked[0]?.authorization).toMatch(/Credential=id\/\d+\/eu-north-1\/s3\//);
    expect(asked[1]?.url).toMatch(/^\/gateway\/bucket\/m\/evil\.pkl\?.*X-Amz-Signature=/);
  });

  it("is read without a signature where somebody said so", async () => {
    const { asked, base } = await start();
    const { report } = await scan("s3://bucket/m", { AWS_ENDPOINT_URL: base, AWS_NO_SIGN_REQUEST: "YES" });
    expect(report.verdict).toBe("malicious");
    for (const { url, authorization } of asked) {
      expect(authorization).toBeUndefined();
      expect(url).not.toContain("X-Amz-Signature");
    }
  });
});

describe("an MLflow server", { timeout: 60_000 }, () => {
  it("tells of runs and aliases, to who gives a name and a password", async () => {
    const root = "1/run1/artifacts";
    const answers: Record<string, unknown> = {
      "/mlflow/runs/get?run_id=run1": { run: { info: { artifact_uri: `mlflow-artifacts:/${root}` } } },
      "/mlflow/registered-models/alias?name=risk&alias=champion": { model_version: { version: "3" } },
      "/mlflow/model-versions/get-download-uri?name=risk&version=3": {
        artifact_uri: `mlflow-artifacts:/${root}/model`,
      },
      [`/mlflow-artifacts/artifacts?path=${encodeURIComponent(`${root}/model`)}`]: {
        files: [{ path: "model..v2.pkl", is_dir: false, file_size: 21 }],
      },
    };
    const base = await serve((request, response) => {
      if (request.headers.authorization !== `Basic ${Buffer.from("ada:secret").toString("base64")}`) {
        return void response.writeHead(401).end();
      }
      const known = answers[request.url?.slice("/api/2.0".length) ?? ""];
      if (known !== undefined) response.end(JSON.stringify(known));
      else if (request.url?.includes("/artifacts/1/")) sendRange(request, response, MALICIOUS_PICKLE);
      else response.writeHead(404).end();
    });
    const env = {
      MLFLOW_TRACKING_URI: base,
      MLFLOW_TRACKING_USERNAME: "ada",
      MLFLOW_TRACKING_PASSWORD: "secret",
    };
    for (const address of ["runs:/run1/model", "models:/risk@champion"]) {
      const { report } = await scan(address, env);
      expect(report.files).toMatchObject([{ path: "model..v2.pkl", verdict: "malicious" }]);
    }
    for (const address of ["runs:/", "models:/", "models:/risk@", "models:/risk/x"]) {
      await expect(scan(address, env)).rejects.toMatchObject({ code: "usage" });
    }
  });
});

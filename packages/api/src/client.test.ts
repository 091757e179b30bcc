import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ApiError, createClient, routes, uploadForm } from "./index.js";

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(handler);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

test("a name with a slash stays one path segment", async () => {
  let seen = "";
  const baseUrl = await serve((request, response) => {
    seen = request.url ?? "";
    json(response, 200, {});
  });
  await createClient({ baseUrl }).versions.get("team/../model?x");
  expect(seen).toBe("/api/v1/workspaces/default/versions/team%2F..%2Fmodel%3Fx");
});

test("token, workspace, query and idempotency key are sent", async () => {
  const seen: IncomingMessage[] = [];
  const baseUrl = await serve((request, response) => {
    seen.push(request);
    json(response, 200, { items: [], nextCursor: null });
  });
  const client = createClient({ baseUrl, token: "t", workspace: "blue" });
  await client.versions.list({ limit: 3, query: "credit" });
  await client.gate({ gate: "promote", subject: "m", environment: "dev" }, { idempotencyKey: "k" });
  expect(seen[0]?.url).toBe("/api/v1/workspaces/blue/versions?limit=3&query=credit");
  expect(seen[0]?.headers.authorization).toBe("Bearer t");
  expect(seen[1]?.headers["idempotency-key"]).toBe("k");
});

test("a problem becomes an ApiError with its code", async () => {
  const problem = {
    type: "about:blank",
    title: "no",
    status: 404,
    code: "not-found",
    detail: "gone",
    requestId: "r",
  };
  const baseUrl = await serve((_request, response) => json(response, 404, problem));
  const error = await createClient({ baseUrl })
    .versions.get("x")
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: "not-found", status: 404, message: "gone" });
});

test.each(["<html>bad gateway</html>", "", "[1]"])(
  "a body that is no problem is still an error: %s",
  async (body) => {
    const baseUrl = await serve((_request, response) => response.writeHead(502).end(body));
    await expect(createClient({ baseUrl }).overview()).rejects.toMatchObject({
      code: "internal",
      status: 502,
    });
  },
);

test("no server is `server-unreachable`", async () => {
  const client = createClient({ baseUrl: "http://127.0.0.1:1" });
  await expect(client.overview()).rejects.toMatchObject({ code: "server-unreachable" });
});

test("the bytes of a signature bundle are sent as they are", async () => {
  const bundle = '{ "b": 1,\n "a": "é" }';
  let seen = "";
  const baseUrl = await serve((request, response) => {
    request.setEncoding("utf8").on("data", (chunk: string) => {
      seen += chunk;
    });
    request.on("end", () => json(response, 201, {}));
  });
  await createClient({ baseUrl }).signatures.create(new TextEncoder().encode(bundle));
  expect(seen).toBe(bundle);
});

test("waiting for a job ends with its result, or throws its error", async () => {
  const states = ["queued", "running", "succeeded"];
  const baseUrl = await serve((request, response) => {
    if (request.url?.includes("bad")) {
      const error = { code: "scan-failed", status: 500, detail: "x", title: "", type: "", requestId: "" };
      return json(response, 200, { state: "failed", error });
    }
    json(response, 200, { state: states.shift(), result: 7, error: null });
  });
  const client = createClient({ baseUrl });
  const seen: string[] = [];
  const job = await client.jobs.wait("1", { every: 5, onProgress: (step) => seen.push(step.state) });
  expect(job.result).toBe(7);
  expect(seen).toEqual(["queued", "running", "succeeded"]);
  await expect(client.jobs.wait("bad")).rejects.toMatchObject({ code: "scan-failed" });
});

test("events continue after the last one when the connection breaks", async () => {
  const asked: (string | undefined)[] = [];
  const baseUrl = await serve((request, response) => {
    asked.push(request.headers["last-event-id"] as string | undefined);
    const id = String(asked.length);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const event = { id, at: 1, kind: "job", data: { text: "a\nb" } };
    response.write(": ping\n\n");
    response.end(`id: ${id}\nevent: job\ndata: ${JSON.stringify(event)}\n\n`);
  });
  const abort = new AbortController();
  const ids: string[] = [];
  for await (const event of createClient({ baseUrl }).events({ signal: abort.signal })) {
    ids.push(event.id);
    if (ids.length === 2) abort.abort();
  }
  expect(ids).toEqual(["1", "2"]);
  expect(asked).toEqual([undefined, "1"]);
});

test("a refused stream throws instead of trying again", async () => {
  const problem = { code: "unauthorised", status: 401, detail: "no", title: "", type: "", requestId: "" };
  const baseUrl = await serve((_request, response) => json(response, 401, problem));
  const events = createClient({ baseUrl }).events({ signal: new AbortController().signal });
  await expect(events.next()).rejects.toMatchObject({ code: "unauthorised" });
});

test("an upload names each file by its path, fields first", () => {
  const files = [{ path: "sub/model.onnx", data: new Blob(["x"]) }];
  const form = uploadForm({ name: "m", files, tags: { a: "b" } });
  expect([...form.keys()]).toEqual(["name", "tags", "file"]);
  expect((form.get("file") as File).name).toBe("sub/model.onnx");
});

test("route ids name themselves, and no two routes share method and path", () => {
  const all = Object.entries(routes);
  for (const [key, route] of all) expect(route.id).toBe(key);
  expect(new Set(all.map(([, route]) => `${route.method} ${route.path}`)).size).toBe(all.length);
});

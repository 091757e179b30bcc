import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { api, type TestServer, testServer } from "../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ bodyLimit: 4_096 });
});
afterAll(() => server.dispose());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** `fetch` sets Host by itself; an attacker does not. */
function send(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}${path}`, rest, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    call.on("error", reject).end(body);
  });
}

const authorised = () => ({ authorization: `Bearer ${server.token}`, "content-type": "application/json" });
const gate = (body: string, headers = authorised()) => send(api("/gate"), { method: "POST", headers, body });

function problem(answer: Answer) {
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  const parsed = JSON.parse(answer.body);
  expect(parsed.status).toBe(answer.status);
  expect(parsed.requestId).toBe(answer.headers["x-request-id"]);
  expect(parsed.type).toBe(`https://countersign.dev/errors/${parsed.code}`);
  return parsed;
}

test("is alive and ready, and tells how it goes", async () => {
  expect((await send("/healthz")).status).toBe(200);
  const ready = await send("/readyz");
  expect(ready.status).toBe(200);
  expect(JSON.parse(ready.body).checks).toHaveLength(3);
  expect((await send("/metrics")).body).toContain("countersign_log_entries 1");
});

test.each([
  ["no HTTP", "nonsense\r\n\r\n", 400, "bad-request"],
  ["a line break in a header", "GET /healthz HTTP/1.1\r\nx-request-id: a\rb\r\n\r\n", 400, "bad-request"],
  ["no Host", "GET /healthz HTTP/1.1\r\n\r\n", 421, "host-refused"],
  ["long headers", `GET /healthz HTTP/1.1\r\nx: ${"y".repeat(64 * 1024)}\r\n\r\n`, 413, "payload-too-large"],
])("%s is refused with a problem", async (_what, bytes, status, code) => {
  const { port, hostname } = new URL(server.url);
  const text = await new Promise<string>((resolve) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      received += chunk;
      if (received.endsWith("}")) socket.destroy();
    });
    socket.on("error", () => {}).on("close", () => resolve(received));
  });
  const [head = "", body = ""] = text.split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain("content-type: application/problem+json");
  expect(JSON.parse(body)).toMatchObject({ status, code });
});

test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1:1"])(
  "DNS rebinding: the Host %j is refused everywhere",
  async (host) => {
    for (const path of ["/", "/healthz", "/log/checkpoint", api("/overview")]) {
      const answer = await send(path, { headers: { ...authorised(), host } });
      expect([400, 421]).toContain(answer.status);
    }
  },
);

test.each(["http://evil.example", "null", "https://127.0.0.1:1", "http://localhost.evil.example"])(
  "a page of the origin %j may not call, not even with a token",
  async (origin) => {
    expect(problem(await gate("{}", { ...authorised(), origin } as never)).code).toBe("host-refused");
  },
);

test("without a token there is nothing to see, and nothing is parsed", async () => {
  const answer = await send(api("/gate"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{",
  });
  expect(problem(answer).code).toBe("unauthorised");
  expect(answer.headers["www-authenticate"]).toContain("Bearer");
  const made = `cst_default_${"x".repeat(43)}`;
  for (const token of ["", "x", made, `${server.token}x`]) {
    const headers = { ...authorised(), authorization: `Bearer ${token}` };
    expect((await send(api("/overview"), { headers })).status).toBe(401);
  }
});

test("a token acts in its scope", async () => {
  const read = await server.tokenFor("read");
  const headers = { ...authorised(), authorization: `Bearer ${read}` };
  expect((await send(api("/overview"), { headers })).status).toBe(200);
  expect(problem(await gate("{}", headers)).code).toBe("forbidden");
  expect((await send("/api/v1/tokens", { headers })).status).toBe(403);
});

test.each([
  ["{", "json-malformed"],
  ["", "json-malformed"],
  ["null", "bad-request"],
  ["[]", "bad-request"],
  ['{"gate":"promote","gate":"ingest","subject":"m","environment":"dev"}', "json-malformed"],
  ['{"__proto__":{},"gate":"promote","subject":"m","environment":"dev"}', "json-malformed"],
  ['{"gate":"promote","subject":"m","environment":"dev","extra":1}', "bad-request"],
  ['{"gate":"jump","subject":"m","environment":"dev"}', "bad-request"],
  ['{"gate":"promote","subject":7,"environment":"dev"}', "bad-request"],
  ['{"gate":"promote","subject":"","environment":"dev"}', "bad-request"],
  ["[".repeat(2_000), "json-malformed"],
  ["\u00ff\u0000", "json-malformed"],
])("the body %j is refused with a clear problem", async (body, code) => {
  const answer = await gate(body);
  expect(problem(answer).code).toBe(code);
  expect(answer.status).toBe(400);
});

test("a body that is too large is refused before it is read", async () => {
  const answer = await gate(JSON.stringify({ subject: "x".repeat(10_000) }));
  expect(problem(answer).code).toBe("payload-too-large");
});

test("another media type is refused", async () => {
  const headers = { ...authorised(), "content-type": "text/plain" };
  expect(problem(await gate("x", headers)).code).toBe("unsupported-media-type");
});

test("a compressed body is refused, and it is said why", async () => {
  const headers = { ...authorised(), "content-encoding": "gzip" };
  expect(problem(await gate("{}", headers))).toMatchObject({
    code: "unsupported-media-type",
    detail: expect.stringContaining("content-encoding"),
  });
});

test("an unknown workspace and a forbidden one look the same", async () => {
  const paths = ["/api/v1/workspaces/other/overview", "/api/v1/workspaces/other/versions"];
  for (const path of paths)
    expect(problem(await send(path, { headers: authorised() })).code).toBe("not-found");
  expect((await send("/api/v1/workspaces/..%2F..%2Fetc/overview", { headers: authorised() })).status).toBe(
    404,
  );
});

test.each([
  "/api/v1/nothing",
  "/log/tile/../../keys/root.pem",
  "/log/tile/..%2f..%2fkeys%2froot.pem",
  "/%zz",
  "/log/nothing",
])("there is nothing at %s", async (path) => {
  const answer = await send(path, { headers: authorised() });
  expect([400, 404]).toContain(answer.status);
  expect(answer.body).not.toContain("PRIVATE");
  problem(answer);
});

test.each([
  "garbage",
  "",
  "dmVyc2lvbnM6LTE",
  "dmVyc2lvbnM6OTk5OTk5OTk5OTk5OTk5OTk5OTk",
  "%00",
  "x".repeat(300),
])("a cursor from garbage is a bad request: %j", async (cursor) => {
  for (const list of ["/versions", "/decisions", "/promotions", "/jobs"]) {
    const answer = await send(api(`${list}?cursor=${cursor}`), { headers: authorised() });
    expect(problem(answer).code).toBe("bad-request");
  }
});

test.each(["0", "201", "x", "-1", "1e9"])("a limit of %s is a bad request", async (limit) => {
  expect((await send(api(`/versions?limit=${limit}`), { headers: authorised() })).status).toBe(400);
});

test("every answer carries the security headers and a request id", async () => {
  for (const path of ["/", "/healthz", "/api/v1/openapi.json", "/api/v1/nothing"]) {
    const { headers } = await send(path);
    expect(headers["content-security-policy"]).toContain("script-src 'self';");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-frame-options"]).toBe("DENY");
    expect(headers["x-request-id"]).toMatch(/^[\w.-]+$/);
  }
  expect((await send("/healthz", { headers: { "x-request-id": "mine-1" } })).headers["x-request-id"]).toBe(
    "mine-1",
  );
  expect(
    (await send("/healthz", { headers: { "x-request-id": "a b<" } })).headers["x-request-id"],
  ).not.toContain("<");
});

test("raw garbage on the socket does not end the server", async () => {
  const port = Number(new URL(server.url).port);
  for (const text of [
    "\0\0\0\0",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /api HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.end(text));
      socket.on("data", () => undefined);
      socket.on("close", () => resolve());
      socket.on("error", () => resolve());
    });
  }
  expect((await send("/healthz")).status).toBe(200);
});

test("nothing secret is in the log", async () => {
  await gate("{");
  const text = server.lines.join("");
  expect(text).not.toContain(server.token);
  expect(text).not.toMatch(/PRIVATE KEY|code=/);
});

test("OpenAPI describes every route", async () => {
  const answer = await send("/api/v1/openapi.json");
  const document = JSON.parse(answer.body);
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path as object).map((one) => one.operationId),
  );
  const { routes } = await import("@countersign/api");
  const expected = Object.keys(routes).filter((id) => id !== "readiness");
  expect([...ids].sort()).toEqual([...expected, "events"].sort());
  expect(document.openapi).toBe("3.1.0");
  const { post } = document.paths[api("/gate").replace("default", "{workspace}")];
  expect(post.responses.default.content["application/problem+json"].schema.required).toContain("code");
  expect(post.parameters).toContainEqual(expect.objectContaining({ in: "header", name: "idempotency-key" }));
  // Generators and validators in other languages know no such classes.
  expect(/.{0,80}\\p\{.{0,20}/.exec(answer.body)?.[0]).toBeUndefined();
});

test("OpenAPI knows every relation that the graph may answer", async () => {
  const { Relation } = await import("@countersign/api");
  const { RELATIONS } = await import("@countersign/lineage");
  expect([...(Relation as unknown as { enum: string[] }).enum].sort()).toEqual(Object.keys(RELATIONS).sort());
});

test.each(["/runs/a%00b", "/graph?at=1e308", "/trace?subject=a&direction=up&at=9223372036854775808"])(
  "GET %s is the caller's mistake",
  async (path) => {
    const answer = await send(api(path), { headers: authorised() });
    expect({ status: answer.status, code: problem(answer).code }).toEqual({
      status: 400,
      code: "bad-request",
    });
  },
);

import { afterAll, beforeAll, expect, test } from "vitest";
import { api, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.dispose());

const codeOf = (loginUrl: string) => new URL(loginUrl).hash.slice("#code=".length);

async function login(code: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, ...headers },
    body: JSON.stringify({ code }),
  });
}

async function cookie(): Promise<string> {
  const answer = await login(codeOf(server.control.newLoginUrl()));
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

test("200: a login code opens a session once", async () => {
  const code = codeOf(server.control.loginUrl);
  const answer = await login(code);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    principal: "operator",
    scope: "admin",
    workspaces: ["default"],
  });
  const [set = ""] = answer.headers.getSetCookie();
  expect(set).toMatch(/HttpOnly/);
  expect(set).toMatch(/SameSite=Strict/);
  expect(set).toMatch(/Path=\//);
  expect((await login(code)).status).toBe(401);
});

test("421: a page elsewhere cannot log in", async () => {
  const answer = await login(codeOf(server.control.newLoginUrl()), { origin: "http://evil.example" });
  expect(answer.status).toBe(421);
});

test("the cookie reads; it writes only for a page of ours", async () => {
  const session = await cookie();
  const read = await fetch(`${server.url}${api("/overview")}`, { headers: { cookie: session } });
  expect(read.status).toBe(200);
  const write = (headers: Record<string, string>) =>
    fetch(`${server.url}${api("/log/audit")}`, { method: "POST", headers: { cookie: session, ...headers } });
  expect((await write({})).status).toBe(421);
  expect((await write({ origin: server.url, "sec-fetch-site": "cross-site" })).status).toBe(421);
  expect((await write({ origin: server.url, "sec-fetch-site": "same-origin" })).status).toBe(202);
});

test("204: a session that was ended is no session", async () => {
  const session = await cookie();
  const headers = { cookie: session, origin: server.url };
  const url = `${server.url}/api/v1/session`;
  expect((await fetch(url, { headers })).status).toBe(200);
  expect((await fetch(url, { method: "DELETE", headers })).status).toBe(204);
  expect((await fetch(url, { headers })).status).toBe(401);
});

test("429: codes cannot be guessed at any speed", async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 15; guess++) statuses.push((await login(`guess-${guess}`)).status);
  expect(statuses.at(-1)).toBe(429);
  const last = await login("guess");
  expect(last.headers.get("content-type")).toContain("application/problem+json");
  expect(((await last.json()) as { code: string }).code).toBe("rate-limited");
});

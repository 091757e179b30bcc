import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestServer, testServer } from "../testing/server.js";

let server: TestServer;
let built: string;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), "countersign-console-"));
  await mkdir(join(built, "assets"));
  await writeFile(join(built, "index.html"), "<!doctype html><title>Console</title>");
  await writeFile(join(built, "assets", "main-abc.js"), "export {};");
  server = await testServer({ console: built });
});
afterAll(async () => {
  await server.dispose();
  await rm(built, { recursive: true });
});

const get = (path: string, accept = "text/html") => fetch(`${server.url}${path}`, { headers: { accept } });

test.each(["/", "/index.html", "/versions/sha256%3Aabc?tab=files", "/entries/7"])(
  "%s is the console's page",
  async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("<title>Console</title>");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  },
);

test("assets may be kept for ever", async () => {
  const answer = await get("/assets/main-abc.js", "*/*");
  expect(answer.headers.get("content-type")).toContain("javascript");
  expect(answer.headers.get("cache-control")).toContain("immutable");
});

test.each([
  "/assets/gone.js",
  "/api/v1/gone",
  "/log/gone",
  "/..%2f..%2fetc%2fpasswd",
  "/%2e%2e/%2e%2e/etc/passwd",
])("%s is not there, and no page either", async (path) => {
  const answer = await get(path, "*/*");
  expect([400, 403, 404]).toContain(answer.status);
  expect(await answer.text()).not.toContain("root:");
});

test("an API address stays an API address for a browser too", async () => {
  const answer = await get("/api/v1/gone");
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
});

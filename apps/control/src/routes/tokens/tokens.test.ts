import { createClient } from "@countersign/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.dispose());

const as = (token: string) => createClient({ baseUrl: server.url, token });

test("201: the text is shown once, and only its hash is kept", async () => {
  const made = await server.client.tokens.create({
    label: "ci",
    scope: "read",
    principal: "ci-bot",
    days: 1,
  });
  expect(await as(made.token).session.get()).toMatchObject({ principal: "ci-bot", scope: "read" });
  const { items } = await server.client.tokens.list();
  const listed = items.find(({ id }) => id === made.id);
  expect(listed).toMatchObject({ label: "ci", principal: "ci-bot" });
  expect(JSON.stringify(items)).not.toContain(made.token);
});

test("204: a withdrawn token opens nothing", async () => {
  const made = await server.client.tokens.create({ label: "gone", scope: "read" });
  await server.client.tokens.remove(made.id);
  await expect(as(made.token).session.get()).rejects.toMatchObject({ code: "unauthorised" });
  await expect(server.client.tokens.remove(made.id)).rejects.toMatchObject({ status: 404 });
});

test("403: only an admin makes tokens", async () => {
  const writer = as(await server.tokenFor("write"));
  await expect(writer.tokens.create({ label: "x", scope: "admin" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("404: no token for another workspace", async () => {
  const create = server.client.tokens.create({ label: "x", scope: "read", workspace: "other" });
  await expect(create).rejects.toMatchObject({ code: "not-found" });
});

test("400: a label is needed", async () => {
  await expect(server.client.tokens.create({ label: "", scope: "read" })).rejects.toMatchObject({
    status: 400,
  });
});

import { Experiment } from "@countersign/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admitted, poisonedFile, type TestServer, testServer } from "../../testing/server.js";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await admitted(server.client, "good", undefined, { licence: "MIT", origin: "here", signAs: "author" });
  await admitted(server.client, "bad", { "model.pkl": poisonedFile() });
});
afterAll(() => server.dispose());

describe.each(["good", "bad"])("on a model that is %s", (subject) => {
  test.each(Experiment.enum as string[])("200: %s is noticed, on a copy", async (experiment) => {
    const size = server.control.workspace.size;
    const result = await server.client.cheat({ experiment: experiment as never, subject });
    expect(result.held).toBe(true);
    expect(result.after.outcome).not.toBe("allow");
    expect(result.after.reason).not.toBe("");
    expect(result.steps.length).toBeGreaterThan(0);
    expect(server.control.workspace.size).toBe(size);
  });
});

test("nothing of it reached the real record", async () => {
  expect((await server.client.log.audit({ every: 20 })).problems).toEqual([]);
});

test("404: nothing to cheat with", async () => {
  await expect(server.client.cheat({ experiment: "flip-byte", subject: "none" })).rejects.toMatchObject({
    status: 404,
  });
});

import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../config/config.js";
import { startControl } from "../start.js";
import { artifactOf, clear, lab, newFile } from "../testing/registry.js";
import { type TestServer, testDirectory } from "../testing/server.js";

const DAYS_91 = 91 * 86_400_000;

it("an alias needs a scan that has not expired, and the refusal says how to get one", async () => {
  const directory = await testDirectory();
  let now = Date.now();
  const config = parseConfig({ port: 0, example: false, drainMs: 2_000, directory });
  const quiet = { destination: { write: () => undefined } };
  const control = await startControl(config, { ...quiet, clock: () => now });
  try {
    const scope = "write" as const;
    const { token } = await control.newToken({ label: "t", scope, principal: "trainer", days: 300 });
    const server = { control, url: control.url, token } as TestServer;
    const mlflow = lab(server);
    await mlflow.model("old");
    const id = await mlflow.log({ "model.safetensors": newFile() });
    await clear(server, artifactOf(await mlflow.register("old", `models:/${id}`)));
    expect((await mlflow.setAlias("old", "champion")).status).toBe(200);
    await mlflow.setAlias("old", "shadow");
    now += DAYS_91;
    const refused = await mlflow.byAlias("old", "champion");
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain("expired");
    expect(refused.body.message).toContain('create_model_version("old", "models:/old/1")');
    const at = { name: "old", version: "1" };
    expect((await mlflow.get2("/mlflow/model-versions/get-download-uri", at)).status).toBe(200);
    expect((await mlflow.register("old", "models:/old/1")).body.model_version.status).toBe("READY");
    expect((await mlflow.byAlias("old", "champion")).body.model_version.version).toBe("1");
    expect((await mlflow.byAlias("old", "shadow")).status).toBe(200);
  } finally {
    await control.close();
    await rm(dirname(directory), { recursive: true, force: true });
  }
});

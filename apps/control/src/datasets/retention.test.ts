import { access, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createClient, type DatasetAdmitResult } from "@countersign/api";
import { makeStatement } from "@countersign/evidence";
import { assetKey, PREDICATE_TYPES } from "@countersign/facts";
import { expect, test } from "vitest";
import { parseConfig } from "../config/config.js";
import { startControl } from "../start.js";
import { testDirectory } from "../testing/server.js";

const DAY = 86_400_000;

test("what is due is shown, goes only when somebody asks, and takes no other data set's bytes along", async () => {
  const directory = await testDirectory();
  let days = 0;
  const control = await startControl(parseConfig({ port: 0, example: false, directory }), {
    clock: () => Date.now() + days * DAY,
    destination: { write: () => undefined },
  });
  try {
    const token = async () => (await control.newToken({ label: "t", scope: "admin", days: 3_000 })).token;
    const client = createClient({ baseUrl: control.url, token: await token() });
    const admit = async (name: string, text: string): Promise<DatasetAdmitResult> => {
      const job = await client.datasets.admit({ name, files: [{ path: "a.csv", data: new Blob([text]) }] });
      return (await client.jobs.wait(job.id, { every: 20 })).result as DatasetAdmitResult;
    };
    const old = await admit("old", "a,b\n1,2\n");
    const shared = await admit("young", "a,b\n1,2\n");
    expect(shared.artifact).toBe(old.artifact);
    const document = {
      apiVersion: "countersign.dev/v1",
      kind: "Dataset",
      metadata: { name: "old" },
      spec: { retentionDays: 30 },
    };
    const said = { kind: "Dataset", name: "old", document, principal: "operator", nonce: "1" };
    const subject = [
      { name: "Dataset:old", digest: { sha256: assetKey("default", "Dataset:old").slice(7) } },
    ];
    await control.workspace.state([makeStatement(subject, PREDICATE_TYPES.asset, said)]);
    const [version] = (await client.datasets.get("old")).versions;
    expect(version?.due).toBe((version?.at ?? 0) + 30 * DAY);
    days = 29;
    expect((await client.datasets.expire("old")).items).toEqual([]);
    days = 31;
    expect((await client.datasets.get("old")).versions[0]?.removed).toBeNull();
    const gone = await client.datasets.expire("old");
    expect(gone.items).toMatchObject([
      { reason: "retention", artifact: old.artifact, reference: null, rows: 1 },
    ]);
    expect((await client.datasets.expire("old")).items).toEqual([]);
    expect((await client.datasets.get("old")).versions[0]).toMatchObject({ removed: "retention", due: null });

    const { files } = (await client.datasets.version("young", shared.artifact)).manifest;
    const hex = files[0]?.digest.slice(7) ?? "";
    await access(join(directory, "datasets", "sha256", hex.slice(0, 2), hex));
    expect((await client.datasets.get("young")).versions[0]).toMatchObject({ removed: null, rows: 1 });
  } finally {
    await control.close();
    await rm(dirname(directory), { recursive: true, force: true });
  }
});

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eachTest } from "../test/each-test.js";
import { admitGood, type Place, safetensors } from "../test/fixture.js";
import type { Workspace } from "./index.js";

let here: Place;
let workspace: Workspace;
eachTest((...fresh) => {
  [here, workspace] = fresh;
  return () => workspace;
});

it("what is on the data directory's list of bad digests may not enter", async () => {
  const bytes = safetensors();
  const path = await here.model({ "model.safetensors": bytes });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await writeFile(join(here.directory, "known-bad.txt"), `${sha256}  model.safetensors  stolen\n`);
  const { decision, scan, signed } = await admitGood(workspace, path);
  expect(scan).toMatchObject({ verdict: "malicious", files: [{ findings: [{ rule: "known-bad" }] }] });
  expect([decision.outcome, signed]).toEqual(["deny", false]);
});

it("admits with a warning what names another licence than the one declared", async () => {
  const card = Buffer.from("---\nlicense: cc-by-nc-4.0\n---\n# Model\n");
  const path = await here.model({ "model.safetensors": safetensors(), "README.md": card });
  const { decision, warnings } = await admitGood(workspace, path);
  expect(decision.outcome).toBe("allow");
  expect(warnings).toEqual(['The licence is declared as apache-2.0, but "README.md" says CC-BY-NC-4.0.']);
});

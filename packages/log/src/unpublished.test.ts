import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, keySigner } from "@countersign/evidence";
import { expect, it } from "vitest";
import { fileStore, openLog } from "./index.js";

it("reads entries that are committed and not yet published", async () => {
  const directory = await mkdtemp(join(tmpdir(), "log-"));
  const signer = keySigner(generateKey("ed25519").privatePem);
  const batch = { publishDelayMs: 60_000 };
  const log = await openLog({
    store: fileStore(directory),
    origin: "example.com/log",
    signer,
    clock: () => 1e12,
    batch,
  });
  await log.append([Buffer.from("a"), Buffer.from("b"), Buffer.from("c")]);
  const read: string[] = [];
  for await (const { leaf } of log.entries(1, 3)) read.push(Buffer.from(leaf).toString());
  expect(read).toEqual(["b", "c"]);
  await log.close();
  await rm(directory, { recursive: true });
});

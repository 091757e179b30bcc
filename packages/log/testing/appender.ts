// A process that appends until it is killed, and says what was acknowledged. Arguments: directory, private key file, round.
import { readFileSync, writeSync } from "node:fs";
import { keySigner } from "@countersign/evidence";
import { fileStore } from "../src/file-store.js";
import { openLog } from "../src/log.js";
import { origin } from "./logs.js";

const [directory = "", keyFile = "", round = ""] = process.argv.slice(2);
const log = await openLog({
  store: fileStore(directory, { segmentBytes: 20_000 }),
  origin,
  signer: keySigner(readFileSync(keyFile, "utf8")),
  clock: Date.now,
  batch: { publishDelayMs: 5 },
});

async function work(worker: number): Promise<void> {
  for (let n = 0; ; n++) {
    const leaves = Array.from({ length: 1 + ((n * 7) % 40) }, (_, i) => `${round}/${worker}/${n}/${i}`);
    const appended = await log.append(leaves.map((leaf) => Buffer.from(leaf)));
    writeSync(1, appended.map(({ index }, i) => `${index} ${leaves[i]}\n`).join(""));
  }
}

async function publish(): Promise<void> {
  for (;;) {
    await log.checkpoint();
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

await Promise.all([work(0), work(1), work(2), work(3), publish()]);

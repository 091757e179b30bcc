import { mkdirSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openWorkspace } from "../src/index.js";
import { safetensors } from "./fixture.js";

// Admits distinct models from several hands at once until it is killed; says each one that was acknowledged.
const [directory = "", seedText = "0"] = process.argv.slice(2);
const workspace = await openWorkspace({ directory, clock: Date.now });
const author = await workspace.keyring.signer("author");
writeSync(1, `open ${workspace.size}\n`);

async function hand(number: number): Promise<never> {
  for (let round = 0; ; round++) {
    const seed = Number(seedText) * 1_000_000 + number * 10_000 + round;
    const path = join(directory, "..", `model-${seed}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "model.safetensors"), safetensors(seed));
    const { artifact, decision } = await workspace.admit({
      path,
      name: `m${seed}`,
      submitter: "author",
      author,
    });
    writeSync(1, `ack ${artifact} ${decision.index} ${decision.id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(hand));

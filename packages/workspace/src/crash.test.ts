import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fileStore, openReader, verifyConsistency } from "@countersign/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Place } from "../test/fixture.js";
import { open, place } from "../test/fixture.js";
import { layoutOf, readPin } from "./index.js";

// CRASH_ROUNDS=200 is what the release is held to; a few rounds are enough to notice a mistake.
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 5);
const CHILD = fileURLToPath(new URL("../test/crash-child.ts", import.meta.url));

interface Acknowledged {
  artifact: string;
  index: number;
  id: string;
}

let here: Place;
beforeAll(async () => {
  here = await place();
});
afterAll(() => here.clean());

/** Runs the child, kills it some time after its first acknowledgement, and returns what it had acknowledged. */
async function admitAndKill(seed: number): Promise<Acknowledged[]> {
  const args = ["--conditions=source", "--import", "tsx", CHILD, here.directory, String(seed)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const acknowledged: Acknowledged[] = [];
  for await (const line of createInterface(child.stdout)) {
    const [kind, artifact = "", index, id = ""] = line.split(" ");
    if (kind !== "ack") continue;
    acknowledged.push({ artifact, index: Number(index), id });
    if (acknowledged.length === 1) setTimeout(() => child.kill("SIGKILL"), Math.random() * 300);
  }
  // Its output ends a moment before it does, and until then it holds the log.
  await exited;
  return acknowledged;
}

describe("kill -9 during concurrent admits", () => {
  it(
    `loses nothing that was acknowledged, forks nothing, starts clean (${ROUNDS} rounds)`,
    async () => {
      let before: { size: number; root: Uint8Array } | undefined;
      for (let round = 0; round < ROUNDS; round++) {
        const acknowledged = await admitAndKill(round);
        expect(acknowledged.length).toBeGreaterThan(0);
        const workspace = await open(here.directory);
        for (const { artifact, index, id } of acknowledged) {
          expect(await workspace.entry(index)).toMatchObject({ envelope: id, predicate: "decision" });
          expect((await workspace.version(artifact)).decisions[0]).toMatchObject({ id, outcome: "allow" });
        }
        expect((await workspace.audit()).problems).toEqual([]);
        const { verifierKey } = workspace.log;
        await workspace.close();
        const { origin } = await readPin(here.directory);
        const reader = await openReader({
          store: fileStore(layoutOf(here.directory).log),
          origin,
          vkey: verifierKey,
        });
        if (before !== undefined) {
          const proof = await reader.consistencyProof(before.size, reader.size);
          expect(verifyConsistency(before.size, reader.size, proof, before.root, reader.root)).toBe(true);
        }
        before = { size: reader.size, root: reader.root };
      }
    },
    20_000 * ROUNDS,
  );
});

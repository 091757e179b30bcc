import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKey, keySigner } from "@countersign/evidence";
import { expect, test } from "vitest";
import { origin, temporaryDirectory } from "../testing/logs.js";
import { fileStore } from "./file-store.js";
import { verifyConsistency } from "./hash.js";
import { openLog } from "./log.js";
import { openReader } from "./reader.js";

const ROUNDS = Number(process.env.COUNTERSIGN_KILL_ROUNDS ?? 8);
const APPENDER = new URL("../testing/appender.ts", import.meta.url).pathname;

/** Runs the appender and kills it some time after its first acknowledgement; answers what it acknowledged. */
async function appendAndKill(directory: string, keyFile: string, round: number): Promise<string[]> {
  const flags = ["--conditions=source", "--import", "tsx", APPENDER, directory, keyFile, String(round)];
  const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "pipe"] });
  let [said, complaint] = ["", ""];
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      if (said === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * 150);
      said += chunk;
    });
    child.once("close", (_, signal) => (signal === "SIGKILL" ? resolve() : reject(new Error(complaint))));
  });
  // The last line may have been cut by the kill.
  return said.slice(0, said.lastIndexOf("\n")).split("\n");
}

test(
  `nothing acknowledged is lost in ${ROUNDS} rounds of kill -9`,
  async () => {
    const root = temporaryDirectory();
    const [directory, keyFile] = [join(root, "log"), join(root, "key.pem")];
    const { privatePem } = generateKey("ed25519");
    writeFileSync(keyFile, privatePem, { mode: 0o600 });
    const acknowledged = new Map<number, string>();
    let before: { size: number; root: Uint8Array } | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      for (const line of await appendAndKill(directory, keyFile, round)) {
        const [index, text = ""] = line.split(" ");
        const known = acknowledged.get(Number(index));
        expect(known === undefined || known === text, `entry ${index} was ${known} and is ${text}`).toBe(
          true,
        );
        acknowledged.set(Number(index), text);
      }
      const log = await openLog({
        store: fileStore(directory),
        origin,
        signer: keySigner(privatePem),
        clock: Date.now,
      });
      const vkey = log.verifierKey;
      await log.close();
      const reader = await openReader({ store: fileStore(directory), origin, vkey });
      let found = 0;
      for await (const { index, leaf } of reader.entries(0, reader.size)) {
        const text = acknowledged.get(index);
        if (text === undefined) continue;
        expect(Buffer.from(leaf).toString()).toBe(text);
        found++;
      }
      expect(found).toBe(acknowledged.size);
      if (before) {
        const proof = await reader.consistencyProof(before.size, reader.size);
        expect(verifyConsistency(before.size, reader.size, proof, before.root, reader.root)).toBe(true);
      }
      before = reader;
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS);
  },
  60_000 + ROUNDS * 10_000,
);

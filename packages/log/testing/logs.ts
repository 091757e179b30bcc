import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, keySigner, type Signer } from "@countersign/evidence";

export const origin = "example.com/log";
export const signer: Signer = keySigner(generateKey("ed25519").privatePem);
export const clock = (): number => 1_700_000_000_000;

export function leaf(n: number): Uint8Array {
  return Buffer.from(`entry ${n}`);
}

export function leaves(from: number, to: number): Uint8Array[] {
  return Array.from({ length: to - from }, (_, i) => leaf(from + i));
}

const directories: string[] = [];
process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A directory that goes away with the process. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "countersign-log-"));
  directories.push(directory);
  return directory;
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdmitInput, AdmitResult, OpenOptions, Workspace } from "../src/index.js";
import { openWorkspace } from "../src/index.js";

/** A safetensors file of one 2x2 tensor, whose bytes depend on `seed`. */
export function safetensors(seed = 1): Buffer {
  const header = Buffer.from(JSON.stringify({ w: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(new Float32Array([seed, 2, 3, 4]).buffer)]);
}

/** Protocol 0: `cos\nsystem\n(S'true'\ntR.` Never loaded, only parsed. */
export const maliciousPickle = Buffer.from("cos\nsystem\n(S'true'\ntR.");

export interface Place {
  directory: string;
  model(files: Record<string, Uint8Array>): Promise<string>;
  clean(): Promise<void>;
}

export async function place(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), "workspace-"));
  return {
    directory: join(root, "data"),
    model: async (files) => {
      const path = await mkdtemp(join(root, "model-"));
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
      return path;
    },
    clean: () => rm(root, { recursive: true, force: true }),
  };
}

export const open = (directory: string, options: Partial<OpenOptions> = {}): Promise<Workspace> =>
  openWorkspace({ directory, clock: Date.now, ...options });

/** Admits with the author's key, a licence and an origin, so that only the approval is missing for production. */
export async function admitGood(
  workspace: Workspace,
  path: string,
  change: Partial<AdmitInput> = {},
): Promise<AdmitResult> {
  const author = await workspace.keyring.signer("author");
  const input = {
    path,
    name: "credit-risk",
    licence: "apache-2.0",
    origin: "https://example.com/credit",
    submitter: "author",
  };
  return workspace.admit({ ...input, author, ...change });
}

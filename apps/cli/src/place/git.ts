import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CountersignError } from "@countersign/evidence";
import type { Session } from "../session.js";

/** No hook, no helper of the repository's, no question, no submodule and no large files. */
const SETTINGS = [
  "protocol.ext.allow=never",
  "core.hooksPath=/dev/null",
  "core.symlinks=false",
  "filter.lfs.smudge=",
  "filter.lfs.required=false",
];

/** Clones a repository's newest commit into a directory of its own, hands it on, and removes it. */
export async function cloned<T>(
  session: Session,
  address: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), "countersign-discover-"));
  try {
    const path = join(parent, "repository");
    await clone(session, address, path);
    return await use(path);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

async function clone(session: Session, address: string, path: string): Promise<void> {
  const args = [
    ...SETTINGS.flatMap((setting) => ["-c", setting]),
    "clone",
    "--quiet",
    "--depth",
    "1",
    "--no-tags",
    "--",
    address,
    path,
  ];
  const env = { ...session.io.env, GIT_TERMINAL_PROMPT: "0", GIT_LFS_SKIP_SMUDGE: "1" };
  const child = spawn("git", args, { stdio: ["ignore", "ignore", "pipe"], env, signal: session.io.signal });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => {
    if (said.length < 64) said.push(chunk);
  });
  const code = await new Promise<number | null>((done, fail) => {
    child.on("error", (cause) => fail(failed(address, "git cannot be started", cause)));
    child.on("close", done);
  });
  if (code !== 0) throw failed(address, lastLine(Buffer.concat(said).toString("utf8")));
}

// An address may carry a password; what Git says may repeat it.
const plain = (text: string): string => text.replace(/(?<=:\/\/)[^/\s@]+@/g, "");

const lastLine = (text: string): string => plain(text.trim().split("\n").at(-1) ?? "").slice(0, 300);

const failed = (address: string, reason: string, cause?: unknown): CountersignError =>
  new CountersignError("server-unreachable", `${plain(address)} cannot be cloned: ${reason}`, {
    cause,
    detail: { remedy: "clone it yourself, then: countersign discover DIRECTORY" },
  });

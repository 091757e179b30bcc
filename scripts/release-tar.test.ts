import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
// @ts-expect-error plain JavaScript: a release is made before anything is built
import { packTarball } from "./release-tar.mjs";

const long = `${"deep/".repeat(30)}leaf.txt`;
const files = [
  { path: "r/z.txt", executable: false, bytes: Buffer.from("last") },
  { path: "r/bin/run", executable: true, bytes: Buffer.from("#!") },
  { path: long, executable: false, bytes: Buffer.alloc(1024, 7) },
  { path: "r/empty", executable: false, bytes: Buffer.alloc(0) },
];

test("the order that files come in does not show", () => {
  expect(packTarball(files, 1_700_000_000)).toEqual(packTarball(files.toReversed(), 1_700_000_000));
});

test("tar unpacks what was packed, with its time and modes", () => {
  const directory = mkdtempSync(join(tmpdir(), "tarball-"));
  try {
    execFileSync("tar", ["-xz", "-C", directory], { input: packTarball(files, 1_700_000_000) });
    for (const { path, bytes } of files) expect(readFileSync(join(directory, path))).toEqual(bytes);
    const { mode, mtimeMs } = statSync(join(directory, "r/bin/run"));
    expect([mode & 0o777, mtimeMs]).toEqual([0o755, 1_700_000_000_000]);
    expect(statSync(join(directory, long)).mode & 0o777).toBe(0o644);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("a name that no tar header can hold is refused", () => {
  const path = "x".repeat(101);
  expect(() => packTarball([{ path, executable: false, bytes: Buffer.alloc(0) }], 0)).toThrow(/too long/);
});

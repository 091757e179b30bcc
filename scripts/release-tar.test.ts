import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scanPath } from "@countersign/scanner";
import { expect, test } from "vitest";
// @ts-expect-error plain JavaScript: a release is made before anything is built
import { isShipped, packTarball } from "./release-tar.mjs";

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

test("our own sources, as they are shipped, hold nothing that our own gate refuses", async () => {
  const root = join(import.meta.dirname, "..");
  const names = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  const shipped = names.filter((name) => name !== "" && name.split("/").every(isShipped));
  expect(shipped).toContain("package-lock.json");
  const files = shipped.map((name) => ({
    path: `r/${name}`,
    executable: false,
    bytes: readFileSync(join(root, name)),
  }));
  const directory = mkdtempSync(join(tmpdir(), "tarball-"));
  try {
    const path = join(directory, "release.tar.gz");
    writeFileSync(path, packTarball(files, 0));
    const [report] = (await scanPath(path)).files;
    const lets = report?.verdict === "clean" || report?.verdict === "suspicious";
    const against = report?.findings.filter(({ severity }) => severity !== "info" && severity !== "low");
    expect(lets ? [] : against?.map(({ rule, location }) => ({ rule, location }))).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 120_000);

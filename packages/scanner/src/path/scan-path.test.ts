import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytes, PAYLOAD } from "../testing/assemble.js";
import { scanPath } from "./scan-path.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "scan-"));
  await mkdir(join(root, "sub"));
  await mkdir(join(root, ".git"));
  await writeFile(join(root, ".git", "x.pkl"), PAYLOAD);
  await writeFile(join(root, "bad.pkl"), PAYLOAD);
  await writeFile(join(root, "sub", "good.pkl"), bytes(0x80, 2, "N."));
  await writeFile(join(root, "large.bin"), Buffer.alloc(9 * 1024 * 1024, 1));
  await symlink("/etc/hostname", join(root, "out.pkl"));
  await symlink("bad.pkl", join(root, "in.pkl"));
});
afterAll(() => rm(root, { recursive: true }));

describe("scanPath", () => {
  it("scans a directory in child processes", async () => {
    const seen: string[] = [];
    const report = await scanPath(root, { onProgress: ({ path }) => seen.push(path) });
    expect(report.files.map(({ path, verdict }) => [path, verdict])).toEqual([
      ["bad.pkl", "malicious"],
      ["in.pkl", "malicious"],
      ["large.bin", "clean"],
      ["out.pkl", "incomplete"],
      ["sub/good.pkl", "clean"],
    ]);
    expect(report.verdict).toBe("malicious");
    expect(seen.sort()).toEqual(["bad.pkl", "in.pkl", "large.bin", "sub/good.pkl"]);
    for (const file of report.files)
      if (file.path !== "out.pkl") expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("scans one file under its own name", async () => {
    const { files } = await scanPath(join(root, "bad.pkl"));
    expect(files.map(({ path }) => path)).toEqual(["bad.pkl"]);
  });

  it("calls a file that takes too long incomplete", async () => {
    const { files } = await scanPath(join(root, "bad.pkl"), { timeMs: 1 });
    expect(files[0]).toMatchObject({ verdict: "incomplete", findings: [{ rule: "scan-timeout" }] });
  });

  it("says when there is nothing at the path", async () => {
    await expect(scanPath(join(root, "absent"))).rejects.toMatchObject({ code: "path-not-found" });
  });

  it("stops when it is told to", async () => {
    await expect(scanPath(root, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

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
    const { files } = await scanPath(join(root, "large.bin"), { timeMs: 1 });
    expect(files[0]).toMatchObject({ verdict: "incomplete", findings: [{ rule: "scan-timeout" }] });
  });

  it("says when there is nothing at the path", async () => {
    await expect(scanPath(join(root, "absent"))).rejects.toMatchObject({ code: "path-not-found" });
  });

  it("stops when it is told to", async () => {
    await expect(scanPath(root, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe("what a scan takes", () => {
  const names = async (options: Parameters<typeof scanPath>[1]) =>
    (await scanPath(root, options)).files.map(({ path, verdict }) => `${path} ${verdict}`);

  it("only what fits a pattern", async () => {
    expect(await names({ include: "**/*.pkl", exclude: ["*n.pkl"] })).toEqual([
      "bad.pkl malicious",
      "out.pkl incomplete",
      "sub/good.pkl clean",
    ]);
    expect(await names({ exclude: ["*.bin", "sub", "in.pkl", "bad.pkl"] })).toEqual(["out.pkl incomplete"]);
  });

  it("links out of the directory when it is told to, and no circle", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "scan-elsewhere-"));
    try {
      await mkdir(join(elsewhere, "deep"));
      await writeFile(join(elsewhere, "deep", "far.pkl"), PAYLOAD);
      await symlink(root, join(elsewhere, "deep", "back"));
      await symlink(elsewhere, join(root, "link"));
      expect(await names({ include: "link/**" })).toEqual(["link incomplete"]);
      expect(await names({ include: "**", exclude: ["*.bin"] })).toContain("link incomplete");
      const followed = await names({ followLinks: true, exclude: ["*.bin", "*.git*"] });
      expect(followed).toContain("link/deep/far.pkl malicious");
      expect(followed.filter((line) => line.includes("back"))).toEqual([]);
    } finally {
      await rm(elsewhere, { recursive: true });
      await rm(join(root, "link"));
    }
  });

  it("a link to a directory that is scanned anyway as no gap, and one into a directory that is left out as one", async () => {
    await symlink("sub", join(root, "latest"));
    await symlink(".git", join(root, "hidden"));
    try {
      const seen = await names({ exclude: ["*.bin"] });
      expect(seen.filter((line) => /latest|hidden/.test(line))).toEqual(["hidden incomplete"]);
      expect(await names({ exclude: ["sub"] })).toContain("latest incomplete");
    } finally {
      await rm(join(root, "latest"));
      await rm(join(root, "hidden"));
    }
  });

  it("the files beside a snapshot of Hugging Face's cache", async () => {
    const hub = await mkdtemp(join(tmpdir(), "scan-hub-"));
    try {
      const repository = join(hub, "models--me--model");
      const snapshot = join(repository, "snapshots", "c0ffee");
      await mkdir(snapshot, { recursive: true });
      await mkdir(join(repository, "blobs"));
      await writeFile(join(repository, "blobs", "abc"), PAYLOAD);
      await writeFile(join(hub, "outside"), PAYLOAD);
      await symlink("../../blobs/abc", join(snapshot, "model.bin"));
      await symlink("../../../outside", join(snapshot, "other.bin"));
      const { files } = await scanPath(snapshot);
      expect(files.map(({ path, verdict }) => `${path} ${verdict}`)).toEqual([
        "model.bin malicious",
        "other.bin incomplete",
      ]);
    } finally {
      await rm(hub, { recursive: true });
    }
  });
});

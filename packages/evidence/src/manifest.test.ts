import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BuiltManifest, buildManifest, nameFiles, type Progress } from "./build.js";
import { openHashCache } from "./cache.js";
import { sha256 } from "./digest.js";
import { canonicalJson } from "./json.js";
import { checkManifest, manifestDigest } from "./manifest.js";
import { walk } from "./walk.js";

let model = "";
beforeEach(() => {
  model = join(fs.mkdtempSync(join(tmpdir(), "manifest-")), "model");
  fs.mkdirSync(model);
});
afterEach(() => fs.rmSync(join(model, ".."), { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(join(model, name, ".."), { recursive: true });
    fs.writeFileSync(join(model, name), content);
  }
}

/** A file of so many zero bytes that takes no room on the disk. */
function writeHuge(name: string, size: number): void {
  fs.writeFileSync(join(model, name), "");
  fs.truncateSync(join(model, name), size);
}

const names = async (options = {}): Promise<string[]> =>
  (await buildManifest(model, options)).manifest.files.map(({ name }) => name);

const MEGABYTE = 1024 * 1024;

describe("buildManifest", () => {
  it("names every file by digest and size, sorted by code point", async () => {
    write({ "b/c.bin": "three", "\u{1f600}.bin": "x", "\ufb01.bin": "y", "a.txt": "", "b.txt": "z" });
    const { manifest, digest, name } = await buildManifest(model);
    expect(manifest.files.map((file) => file.name)).toEqual([
      "a.txt",
      "b.txt",
      "b/c.bin",
      "\ufb01.bin",
      "\u{1f600}.bin",
    ]);
    expect(manifest.files[2]).toEqual({ name: "b/c.bin", digest: sha256(Buffer.from("three")), size: 5 });
    expect(name).toBe("model");
    expect(digest).toBe(sha256(canonicalJson({ files: manifest.files })));
    expect(checkManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  it("names a single file by its basename", async () => {
    write({ "weights.bin": "w" });
    const { manifest, name } = await buildManifest(join(model, "weights.bin"));
    expect(manifest.files).toEqual([{ name: "weights.bin", digest: sha256(Buffer.from("w")), size: 1 }]);
    expect(name).toBe("weights.bin");
  });

  it("leaves out what OMS leaves out, at the top level only, and exact paths", async () => {
    write({
      ".git/HEAD": "",
      ".gitignore": "",
      ".gitattributes": "",
      ".github/ci.yml": "",
      ".gitmodules": "",
    });
    write({ "sub/.gitignore": "", "cache/a": "", "sub/cache/b": "", "cache.txt": "", "logs/x/y": "" });
    expect(await names({ ignore: ["cache", "logs/x/"] })).toEqual([
      ".gitmodules",
      "cache.txt",
      "sub/.gitignore",
      "sub/cache/b",
    ]);
    const { ignored } = await buildManifest(model, { ignore: ["cache"] });
    expect(ignored).toEqual([".git", ".gitattributes", ".github", ".gitignore", "cache"]);
  });

  it("gives the same answer with any number of threads", async () => {
    for (const name of ["a", "b", "c"]) writeHuge(name, 12 * MEGABYTE);
    write(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`small/${i}`, `${i}`])));
    const expected = await buildManifest(model, { workers: 0 });
    for (const workers of [1, 2, 3]) expect(await buildManifest(model, { workers })).toEqual(expected);
    expect(expected.manifest.files[0]?.digest).toBe(sha256(Buffer.alloc(12 * MEGABYTE)));
  });

  it("tells its progress", async () => {
    for (const name of ["a", "b"]) writeHuge(name, 200 * MEGABYTE);
    const seen: Progress[] = [];
    await buildManifest(model, { onProgress: (progress) => void seen.push(progress) });
    expect(seen.at(-1)).toEqual({ files: 2, bytesDone: 400 * MEGABYTE, bytes: 400 * MEGABYTE });
    expect(seen.map(({ bytesDone }) => bytesDone)).toEqual(
      seen.map(({ bytesDone }) => bytesDone).sort((a, b) => a - b),
    );
  });

  it.each([0, 2])("stops when it is told to, with %i threads", async (workers) => {
    for (const name of ["a", "b"]) writeHuge(name, 4096 * MEGABYTE);
    const controller = new AbortController();
    let bytesRead = 0;
    const onProgress = ({ bytesDone }: Progress): void => {
      bytesRead = bytesDone;
      controller.abort();
    };
    if (workers === 0) {
      const early = buildManifest(model, { workers, signal: AbortSignal.abort() });
      await expect(early).rejects.toMatchObject({ code: "cancelled" });
    } else {
      await expect(
        buildManifest(model, { workers, onProgress, signal: controller.signal }),
      ).rejects.toMatchObject({
        code: "cancelled",
      });
    }
    expect(bytesRead).toBeLessThan(2048 * MEGABYTE);
  });
});

describe("checkManifest", () => {
  const digest = sha256(Buffer.from("x"));
  const file = { name: "a", digest, size: 1 };
  it.each([
    ["nothing", undefined],
    ["no file", { files: [] }],
    ["another member", { files: [file], note: "" }],
    ["another member in a file", { files: [{ ...file, note: "" }] }],
    ["a doubled name", { files: [file, file] }],
    ["names out of order", { files: [{ ...file, name: "b" }, file] }],
    ["an absolute name", { files: [{ ...file, name: "/etc/passwd" }] }],
    ["a name that leads out", { files: [{ ...file, name: "a/../../b" }] }],
    ["an empty name", { files: [{ ...file, name: "" }] }],
    ["a name with a NUL", { files: [{ ...file, name: "a\0" }] }],
    ["an upper-case digest", { files: [{ ...file, digest: digest.toUpperCase() }] }],
    ["a negative size", { files: [{ ...file, size: -1 }] }],
    ["a broken size", { files: [{ ...file, size: 1.5 }] }],
  ])("refuses %s", (_, value) => {
    expect(() => checkManifest(value)).toThrow(expect.objectContaining({ code: "manifest-malformed" }));
  });

  it("counts every part of it in its digest", () => {
    const other = sha256(Buffer.from("y"));
    const variants = [file, { ...file, name: "b" }, { ...file, digest: other }, { ...file, size: 2 }];
    expect(new Set(variants.map((one) => manifestDigest({ files: [one] }))).size).toBe(4);
  });
});

describe("bad input", () => {
  it.each([
    ["an empty directory", () => {}, "manifest-empty"],
    ["a directory with nothing but what is left out", () => write({ ".git/HEAD": "" }), "manifest-empty"],
    ["nothing at all", () => fs.rmSync(model, { recursive: true }), "path-not-found"],
    ["a symbolic link", () => fs.symlinkSync("/etc/passwd", join(model, "link")), "symlink-refused"],
    ["a symbolic link to nothing", () => fs.symlinkSync("nothing", join(model, "link")), "symlink-refused"],
    ["a pipe", () => void execFileSync("/usr/bin/env", ["mkfifo", join(model, "pipe")]), "file-kind-refused"],
    ["a name that is not UTF-8", () => fs.writeFileSync(rawName(), "x"), "name-not-utf8"],
    ["a directory whose name is not UTF-8", () => fs.mkdirSync(rawName()), "name-not-utf8"],
  ])("refuses %s", async (_, make, code) => {
    make();
    await expect(buildManifest(model)).rejects.toMatchObject({ code });
  });

  const rawName = (): Buffer => Buffer.concat([Buffer.from(`${model}/bad`), Buffer.from([0xff, 0xfe])]);

  it("refuses a socket", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(join(model, "s"), resolve));
    await expect(buildManifest(model)).rejects.toMatchObject({ code: "file-kind-refused" });
    await new Promise((resolve) => server.close(resolve));
  });

  it("refuses a device, and a link given as the artifact", async () => {
    await expect(buildManifest("/dev/null")).rejects.toMatchObject({ code: "file-kind-refused" });
    write({ a: "x" });
    fs.symlinkSync(model, `${model}-link`);
    await expect(buildManifest(`${model}-link`)).rejects.toMatchObject({ code: "symlink-refused" });
    expect((await buildManifest(`${model}-link`, { allowSymlinks: true })).name).toBe("model-link");
  });

  it("follows links where that is allowed, warns of those that lead out, and refuses cycles", async () => {
    write({ "real/a": "x" });
    fs.symlinkSync("real/a", join(model, "link"));
    fs.symlinkSync("/dev/../etc/hostname", join(model, "outside"));
    const { manifest, warnings } = await buildManifest(model, { allowSymlinks: true });
    expect(manifest.files.map(({ name }) => name)).toEqual(["link", "outside", "real/a"]);
    expect(manifest.files[0]?.digest).toBe(manifest.files[2]?.digest);
    expect(warnings).toEqual([expect.stringContaining("outside")]);
    fs.symlinkSync("..", join(model, "real/up"));
    await expect(buildManifest(model, { allowSymlinks: true })).rejects.toMatchObject({
      code: "symlink-refused",
    });
  });

  it.each([
    ["a file", () => fs.chmodSync(join(model, "secret"), 0)],
    ["a directory", () => fs.chmodSync(join(model, "private"), 0)],
  ])("refuses %s that it may not read", async (_, forbid) => {
    write({ secret: "x", "private/a": "y" });
    fs.chmodSync(join(model, ".."), 0o755);
    forbid();
    await expect(asNobody(() => buildManifest(model))).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining("permission denied"),
    });
    fs.chmodSync(join(model, "private"), 0o755);
  });

  // Root may read everything: then the question is asked as a user without rights.
  async function asNobody<T>(act: () => Promise<T>): Promise<T> {
    if (process.getuid?.() !== 0) return act();
    process.seteuid?.(65_534);
    try {
      return await act();
    } finally {
      process.seteuid?.(0);
    }
  }
});

describe("files that change", () => {
  it.each([
    ["grew", () => fs.appendFileSync(join(model, "a"), "y"), "file-changed"],
    ["was truncated", () => fs.truncateSync(join(model, "a"), 1), "file-changed"],
    ["was written again", () => fs.writeFileSync(join(model, "a"), "zzzz"), "file-changed"],
    ["was replaced", () => replace(() => fs.writeFileSync(join(model, "a"), "abcd")), "file-changed"],
    ["was deleted", () => fs.rmSync(join(model, "a")), "file-changed"],
    ["became a link", () => replace(() => fs.symlinkSync("/etc/passwd", join(model, "a"))), "file-changed"],
    ["became a directory", () => replace(() => fs.mkdirSync(join(model, "a"))), "file-kind-refused"],
    [
      "became a pipe",
      () => replace(() => void execFileSync("/usr/bin/env", ["mkfifo", join(model, "a")])),
      "file-kind-refused",
    ],
  ])("are refused: it %s", async (_, change, code) => {
    write({ a: "abcd" });
    const found = await walk(model);
    change();
    await expect(nameFiles(found)).rejects.toMatchObject({ code });
  });

  const replace = (make: () => void): void => {
    fs.rmSync(join(model, "a"));
    make();
  };

  it("are refused while they are read", async () => {
    writeHuge("a", 2048 * MEGABYTE);
    const onProgress = (): void => fs.appendFileSync(join(model, "a"), "x");
    await expect(buildManifest(model, { workers: 1, onProgress })).rejects.toMatchObject({
      code: "file-changed",
    });
  });
});

describe("files that have another name elsewhere", () => {
  const outside = (name: string): string => join(model, "..", name);
  const read = (act: () => void): Promise<BuiltManifest> => {
    writeHuge("a", 1024 * MEGABYTE);
    fs.linkSync(join(model, "a"), outside("kept"));
    return buildManifest(model, { workers: 1, onProgress: act });
  };

  it("may get one more name, and lose it, while they are read", async () => {
    let count = 0;
    const { manifest } = await read(() => fs.linkSync(outside("kept"), outside(`more-${count++}`)));
    expect(manifest.files).toMatchObject([{ name: "a", size: 1024 * MEGABYTE }]);
    expect(count).toBeGreaterThan(0);
  });

  it("may not change", async () => {
    const reading = read(() => fs.appendFileSync(outside("kept"), "x"));
    await expect(reading).rejects.toMatchObject({ code: "file-changed" });
  });
});

describe("the hash cache", () => {
  const cachePath = (): string => join(model, "../cache.json");
  const later = (): number => Date.now() + 10_000;

  it("hashes again only what changed, and can be refused", async () => {
    write({ a: "one", b: "two" });
    const cache = await openHashCache(cachePath(), later);
    const first = await buildManifest(model, { cache });
    await cache.save();
    expect(fs.statSync(cachePath()).mode & 0o777).toBe(0o600);

    const again = await openHashCache(cachePath(), later);
    const asked: string[] = [];
    const watched = {
      ...again,
      put: (...args: Parameters<typeof again.put>) => void asked.push(args[0].split("/").at(-1) ?? ""),
    };
    expect(await buildManifest(model, { cache: watched })).toEqual(first);
    expect(asked).toEqual([]);

    write({ b: "TWO" });
    const second = await buildManifest(model, { cache: watched });
    expect(asked).toEqual([expect.stringMatching(/^b\0/)]);
    expect(second).toEqual(await buildManifest(model));
  });

  it("does not remember a file that was written just now", async () => {
    write({ a: "one" });
    const cache = await openHashCache(cachePath(), Date.now);
    await buildManifest(model, { cache });
    await cache.save();
    expect(JSON.parse(fs.readFileSync(cachePath(), "utf8"))).toEqual({ version: 1, entries: [] });
  });

  it.each(["", "garbage", "[]", '{"version":2,"entries":[]}', '{"version":1,"entries":[1,["a"]]}'])(
    "is empty where its file says %j",
    async (text) => {
      fs.writeFileSync(cachePath(), text);
      write({ a: "one" });
      const cache = await openHashCache(cachePath(), later);
      expect(await buildManifest(model, { cache })).toEqual(await buildManifest(model));
    },
  );

  it("notices a change that keeps size and modification time", async () => {
    write({ a: "one" });
    const { atime, mtime } = fs.statSync(join(model, "a"));
    const cache = await openHashCache(cachePath(), later);
    await buildManifest(model, { cache });
    write({ a: "ONE" });
    fs.utimesSync(join(model, "a"), atime, mtime);
    expect(await buildManifest(model, { cache })).toEqual(await buildManifest(model));
  });
});

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { open, type Place, place } from "../test/fixture.js";
import { layoutOf, setUp } from "./index.js";

const CHILD = fileURLToPath(new URL("../test/setup-child.ts", import.meta.url));

let here: Place;
beforeEach(async () => {
  here = await place();
});
afterEach(() => here.clean());

const begin = (): Promise<void> =>
  setUp(
    here.directory,
    "default",
    () => 1_000_000,
    () => {},
  );

describe("a fresh data directory", () => {
  it("is one directory for two who begin at once", async () => {
    await Promise.all([begin(), begin(), begin()]);
    expect(readdirSync(here.directory).sort()).toEqual(["FORMAT", "keys", "trust"]);
    const workspace = await open(here.directory);
    expect((await workspace.audit()).problems).toEqual([]);
    await workspace.close();
  });

  it("keeps nothing of keys that a kill left half made", async () => {
    mkdirSync(join(here.directory, `keys.${randomUUID()}.new`), { recursive: true });
    await begin();
    expect(readdirSync(here.directory).sort()).toEqual(["FORMAT", "keys", "trust"]);
  });

  it("begins again where no byte could be written", async () => {
    // A limit on the size of files stands for a full disk: every write fails, every name can be made.
    const node = [process.execPath, "--conditions=source", "--import", "tsx", CHILD, here.directory];
    const { stdout } = spawnSync("sh", ["-c", 'ulimit -f 0; exec "$@"', "sh", ...node], {
      encoding: "utf8",
      env: { ...process.env, TSX_DISABLE_CACHE: "1" },
    });
    expect(stdout).toBe("fault file-unreadable\n");
    expect(existsSync(layoutOf(here.directory).keys)).toBe(false);
    const workspace = await open(here.directory);
    expect((await workspace.audit()).problems).toEqual([]);
    await workspace.close();
  });
});

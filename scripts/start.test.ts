import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

// A checkout in small: the real scripts and the real npm, with rooms that hold next to nothing.
const clone = mkdtempSync(join(tmpdir(), "countersign-start-"));
afterAll(() => rmSync(clone, { recursive: true, force: true }));

function put(path: string, content: string | object): void {
  mkdirSync(join(clone, path, ".."), { recursive: true });
  writeFileSync(join(clone, path), typeof content === "string" ? content : JSON.stringify(content));
}

put("package.json", {
  name: "small",
  version: "1.0.0",
  private: true,
  workspaces: ["packages/*", "apps/*"],
  scripts: { build: "node build.mjs", start: "node scripts/start.mjs" },
});
put("packages/ground/package.json", { name: "ground", version: "1.0.0" });
put("packages/ground/src/index.ts", "export {};\n");
put("apps/cli/package.json", { name: "cli", version: "1.0.0", type: "module" });
put(
  "apps/cli/bin/countersign.js",
  "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;\n",
);
put("tsconfig.json", "{}");
put("tsconfig.base.json", "{}");
put(
  "build.mjs",
  `import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
   appendFileSync("builds", "x");
   for (const room of ["packages/ground", "apps/cli"]) {
     mkdirSync(room + "/dist", { recursive: true });
     writeFileSync(room + "/dist/index.js", "");
   }`,
);
for (const name of ["start.mjs", "prepare.mjs"]) {
  cpSync(fileURLToPath(new URL(name, import.meta.url)), join(clone, "scripts", name));
}
spawnSync("npm", ["install", "--package-lock-only", "--offline"], {
  cwd: clone,
  shell: process.platform === "win32",
});

function start(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync("npm", ["--silent", "start", "--", ...args], {
    cwd: clone,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return { code: status, out: stdout, err: stderr };
}

const builds = (): number => readFileSync(join(clone, "builds"), "utf8").length;

describe("npm start", () => {
  it("installs, builds and starts in a fresh clone, and says so on standard error", () => {
    const { code, out, err } = start("--port", "9000");
    expect(err).toContain("installing dependencies (once): npm ci");
    expect(err).toContain("building");
    expect(JSON.parse(out)).toEqual(["up", "--port", "9000"]);
    expect(code).toBe(7);
    expect(builds()).toBe(1);
  });

  it("does neither again when nothing has changed", () => {
    const { out, err } = start();
    expect(err).toBe("");
    expect(JSON.parse(out)).toEqual(["up"]);
    expect(builds()).toBe(1);
  });

  it("builds again when a source has changed", () => {
    put("packages/ground/src/index.ts", "export const changed = 1;\n");
    expect(start().err).toContain("building");
    expect(builds()).toBe(2);
  });

  it("builds again when output is gone, whatever the compiler's notes say", () => {
    put("packages/ground/tsconfig.tsbuildinfo", "{}");
    rmSync(join(clone, "packages/ground/dist"), { recursive: true });
    start();
    expect(builds()).toBe(3);
    expect(() => readFileSync(join(clone, "packages/ground/tsconfig.tsbuildinfo"))).toThrow("ENOENT");
  });

  it("installs again when the lock file is newer", () => {
    const later = new Date(Date.now() + 5000);
    utimesSync(join(clone, "package-lock.json"), later, later);
    expect(start().err).toContain("the lock file changed");
  });

  it("stops at an old Node with a reason and a way out", () => {
    const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"18.20.0"}})';
    const { status, stderr } = spawnSync(process.execPath, ["--import", old, "scripts/start.mjs"], {
      cwd: clone,
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toContain("Node 18.20.0 is too old; 20.19 or newer is needed");
    expect(stderr).toContain("fix:");
  });
});

// What `npm start` and `npm test` need before anything of ours can run. Plain Node, no dependency: in a fresh clone
// there is none yet.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const NEEDED = [20, 19];
const STAMP = join(root, "node_modules", ".cache", "countersign", "build");

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Stops here, with a reason and a way out, where Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  say(`countersign: Node ${process.versions.node} is too old; ${NEEDED.join(".")} or newer is needed`);
  say("  fix: install a current Node from https://nodejs.org, then run the command again");
  process.exit(2);
}

/** Runs a program with our streams; resolves with its exit code. Ctrl-C reaches it by itself. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const ignore = () => {};
    process.on("SIGINT", ignore);
    const child = spawn(command, args, { cwd: root, stdio: ["inherit", 2, 2], ...options });
    child.on("error", (error) => {
      say(`countersign: ${command} could not be started: ${error.message}`);
      resolve(2);
    });
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore);
      resolve(code ?? (signal === "SIGINT" ? 130 : 2));
    });
  });
}

// npm tells where it is; without npm (node scripts/start.mjs) it is on the path.
function npm(args) {
  const npmFile = process.env.npm_execpath;
  if (npmFile && /npm-cli\.c?js$/.test(npmFile)) return run(process.execPath, [npmFile, ...args]);
  return run("npm", args, { shell: process.platform === "win32" });
}

async function step(text, work) {
  const started = Date.now();
  say(`countersign: ${text}`);
  const code = await work();
  if (code === 130) process.exit(130);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (code === 0) say(`countersign: done in ${seconds} s`);
  return code;
}

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Installs the locked dependencies where they are missing or older than the lock file. */
export async function install() {
  const installed = modified(join(root, "node_modules", ".package-lock.json"));
  if (installed !== 0 && installed >= modified(join(root, "package-lock.json"))) return;
  const why = installed === 0 ? "installing dependencies (once)" : "the lock file changed: installing again";
  const code = await step(`${why}: npm ci`, () => npm(["ci", "--no-audit", "--no-fund"]));
  if (code === 0) return;
  say("countersign: the dependencies could not be installed");
  say(
    "  fix: check the network and npm's registry (npm config get registry; npm ping), then run the command again",
  );
  process.exit(2);
}

const rooms = () =>
  ["packages", "apps"].flatMap((floor) =>
    readdirSync(join(root, floor))
      .map((name) => join(root, floor, name))
      .filter((room) => existsSync(join(room, "package.json"))),
  );

/** Builds where something that the build reads has changed since the last one. */
export async function build() {
  const wanted = fingerprint();
  const done = existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted;
  const unbuilt = rooms().filter((room) => !isBuilt(room));
  if (done && unbuilt.length === 0) return;
  // The compiler trusts its own notes even where the output is gone.
  for (const room of unbuilt) rmSync(join(room, "tsconfig.tsbuildinfo"), { force: true });
  const code = await step("building", () => npm(["run", "--silent", "build"]));
  if (code !== 0) {
    say("countersign: the build failed; its messages are above");
    say("  fix: npm run typecheck   (shows what does not compile)");
    process.exit(2);
  }
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, wanted);
}

function isBuilt(room) {
  const out = join(room, "dist");
  return existsSync(join(out, "index.js")) || existsSync(join(out, "index.html"));
}

function fingerprint() {
  const hash = createHash("sha256");
  const note = (path) => {
    const stat = statSync(path);
    hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const name of ["package-lock.json", "tsconfig.base.json", "tsconfig.json"]) note(join(root, name));
  for (const room of rooms()) {
    for (const path of inputs(room)) note(path);
  }
  return hash.digest("hex");
}

const OUTPUT = new Set(["dist", "node_modules", "test-results"]);

function inputs(directory) {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (OUTPUT.has(entry.name) || /\.(tsbuildinfo|test\.tsx?)$/.test(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? inputs(path) : [path];
  });
}

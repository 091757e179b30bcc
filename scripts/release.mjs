// Builds a release of what is committed, from the lock file, and admits and signs it with Countersign itself.
// See docs/releasing.md.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isShipped, packTarball } from "./release-tar.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const OPTIONS = {
  commit: { type: "string", default: "HEAD" },
  out: { type: "string", default: join(root, "release") },
  "workspace-dir": { type: "string", default: join(root, ".countersign") },
  "build-only": { type: "boolean", default: false },
};

const say = (text) => process.stderr.write(`release: ${text}\n`);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const git = (...args) => execFileSync("git", args, { cwd: root, maxBuffer: 1 << 30 });

/** A failure that has been explained: what the program printed says the rest. */
class Stop extends Error {}

function npm(cwd, args, stdio = ["ignore", 2, 2]) {
  const shell = process.platform === "win32";
  const { status, stdout } = spawnSync("npm", args, { cwd, stdio, maxBuffer: 1 << 30, shell });
  if (status !== 0) throw new Stop(`npm ${args.join(" ")} failed; nothing was released`);
  return stdout;
}

/** Only what is committed goes in: the build happens in an export of the commit, not in this directory. */
function exportCommit(commit, directory) {
  mkdirSync(directory, { recursive: true });
  execFileSync("tar", ["-x", "-C", directory], { input: git("archive", "--format=tar", commit) });
}

function* filesUnder(directory, base = directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (!isShipped(entry.name)) continue;
    if (entry.isDirectory()) yield* filesUnder(path, base);
    else if (entry.isFile()) yield { path, name: relative(base, path).split("\\").join("/") };
  }
}

function pack(directory, prefix, seconds) {
  const files = [...filesUnder(directory)].map(({ path, name }) => ({
    path: `${prefix}/${name}`,
    executable: (lstatSync(path).mode & 0o100) !== 0,
    bytes: readFileSync(path),
  }));
  return packTarball(files, seconds);
}

/** npm writes a random serial number and the time of day; the commit stands in for both. */
function billOfMaterials(directory, commit, seconds) {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--omit", "dev"];
  const bom = JSON.parse(npm(directory, args, ["ignore", "pipe", 2]).toString());
  const id = sha256(`countersign release ${commit}`);
  const uuid = [
    id.slice(0, 8),
    id.slice(8, 12),
    `8${id.slice(13, 16)}`,
    `8${id.slice(17, 20)}`,
    id.slice(20, 32),
  ];
  bom.serialNumber = `urn:uuid:${uuid.join("-")}`;
  bom.metadata.timestamp = new Date(seconds * 1000).toISOString();
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

function build(commit, out) {
  const seconds = Number(git("show", "-s", "--format=%ct", commit).toString());
  const temporary = mkdtempSync(join(tmpdir(), "release-"));
  try {
    const source = join(temporary, "countersign");
    exportCommit(commit, source);
    const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
    const name = `countersign-${version}`;
    say(`installing from the lock file (${commit.slice(0, 12)})`);
    npm(source, ["ci", "--no-audit", "--no-fund"]);
    say("building");
    npm(source, ["run", "build"]);
    const bom = billOfMaterials(source, commit, seconds);
    const tarball = pack(source, name, seconds);
    const directory = join(out, name);
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(out, ".gitignore"), "*\n");
    const files = { [`${name}.tar.gz`]: tarball, [`${name}.cdx.json`]: bom };
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(directory, file), bytes);
    const sums = Object.entries(files).map(([file, bytes]) => `${sha256(bytes)}  ${file}\n`);
    writeFileSync(join(directory, "SHA256SUMS"), sums.join(""));
    process.stdout.write(sums.join(""));
    return { directory, version };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function countersign(place, ...args) {
  const program = join(root, "apps", "cli", "bin", "countersign.js");
  const { status, stdout } = spawnSync(process.execPath, [program, ...args, "--workspace-dir", place], {
    stdio: ["inherit", "pipe", 2],
    maxBuffer: 1 << 30,
  });
  return { status, out: stdout.toString() };
}

/** By ourselves: the same command, gates and record as for anybody's model. */
function admit({ directory, version }, commit, place) {
  const tags = ["--tag", `version=${version}`, "--tag", `commit=${commit}`];
  const stated = ["--name", "countersign", "--licence", "Apache-2.0", "--origin", `git:${commit}`];
  const { status, out } = countersign(place, "admit", directory, ...stated, ...tags, "--output", "json");
  if (![0, 1, 3].includes(status)) throw new Stop(`countersign could not admit the release (exit ${status})`);
  const { decision } = JSON.parse(out);
  const why = decision.reasons.map(({ reason }) => reason).join(" ");
  if (status !== 0) throw new Stop(`the release is built, and was not admitted: ${why}`);
  const file = `${directory}.evidence.json`;
  const written = countersign(place, "log", "evidence", decision.id, "-o", file);
  if (written.status !== 0) throw new Stop(`countersign did not write the evidence (exit ${written.status})`);
  say(`admitted; the evidence is in ${relative(process.cwd(), file)}`);
  say("check it with verifier/verify.mjs, as docs/releasing.md says");
}

function main(values) {
  const commit = git("rev-parse", "--verify", `${values.commit}^{commit}`).toString().trim();
  if (git("status", "--porcelain").length > 0) say("note: what is not committed here is not in the release");
  const release = build(commit, resolve(values.out));
  if (values["build-only"]) return;
  if (!existsSync(join(root, "apps", "cli", "dist", "main.js"))) {
    throw new Stop(
      "the release is built, and not admitted: the command line here is not built yet (npm run build)",
    );
  }
  admit(release, commit, values["workspace-dir"]);
}

try {
  main(parseArgs({ options: OPTIONS }).values);
} catch (error) {
  say(error instanceof Stop ? error.message : error.stack);
  process.exitCode = 2;
}

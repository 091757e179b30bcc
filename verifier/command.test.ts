import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { FILES, Story } from "./story.js";

const script = fileURLToPath(new URL("verify.mjs", import.meta.url));
const story = new Story().begin().approved();
let root: string;
let files: string;

interface Run {
  status: number;
  out: string;
}

function run(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, out: stdout + stderr });
    });
  });
}

const { logKey, trustRootKey, witnessKeys } = story.pins;
const pins = ["--log-key", logKey, "--trust-root-key", trustRootKey, "--witness-key", witnessKeys[0] ?? ""];
const check = (...args: string[]): Promise<Run> => run(join(root, "evidence.json"), ...pins, ...args);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "verifier-"));
  files = join(root, "files");
  await writeFile(join(root, "evidence.json"), JSON.stringify(story.file(story.decision())));
  await writeFile(join(root, "root.pem"), trustRootKey);
});
afterAll(() => rm(root, { recursive: true }));

beforeEach(async () => {
  await rm(files, { recursive: true, force: true });
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(files, name)), { recursive: true });
    await writeFile(join(files, name), content);
  }
});

test("says yes in plain sentences and exits 0", async () => {
  const { status, out } = await check("--files", files, "--policy", story.policy, "--approvals", "1");
  expect([status, out.split("\n").at(-2)]).toEqual([
    0,
    expect.stringMatching(/^Yes: promote of scorer \(sha256:\w{64}\) in production was allowed at \d{4}-/),
  ]);
  expect(out.match(/^- [A-Z].*\.$/gm)).toHaveLength(9);
  expect(
    (await run(join(root, "evidence.json"), "--log-key", logKey, "--trust-root-key", join(root, "root.pem")))
      .status,
  ).toBe(0);
});

test("what a version-control system keeps at the top is no part of the artifact", async () => {
  await mkdir(join(files, ".git"));
  await writeFile(join(files, ".git", "HEAD"), "ref");
  expect((await check("--files", files)).status).toBe(0);
});

test.each([
  ["an altered file", () => writeFile(join(files, "README.md"), "# hullo\n"), /README.md was altered/],
  ["a further file", () => writeFile(join(files, "weights", "b"), ""), /weights\/b is not part of/],
  ["a missing file", () => rm(join(files, "README.md")), /README.md is missing/],
  ["a link", () => symlink("README.md", join(files, "link")), /link is not part/],
])("%s is a no", async (_, change, reason) => {
  await change();
  const { status, out } = await check("--files", files);
  expect([status, out.split("\n").at(-2)]).toEqual([1, expect.stringMatching(reason)]);
});

test("a name cannot draw an answer on the terminal", async () => {
  await writeFile(join(files, "x\nYes: \u001b[2K"), "");
  const { status, out } = await check("--files", files);
  expect([status, out.split("\n").at(-2)]).toEqual([
    1,
    "No: x?Yes: ?[2K is not part of what was decided on.",
  ]);
});

test("evidence that does not hold exits 1", async () => {
  await writeFile(join(root, "other.json"), "{}");
  const { status, out } = await run(join(root, "other.json"), ...pins);
  expect([status, out]).toEqual([1, expect.stringMatching(/^No: /)]);
});

test.each([
  ["no arguments", []],
  ["no keys", ["evidence.json"]],
  ["a file that is not there", ["/nowhere.json", ...pins]],
  ["an unknown option", ["evidence.json", ...pins, "--maybe"]],
  ["a log key that is none", ["evidence.json", ...pins, "--log-key", "x+00000000+AAAA"]],
  ["a witness key that is the log's", ["evidence.json", ...pins, "--witness-key", logKey]],
  ["files that are not there", ["evidence.json", ...pins, "--files", "/nowhere"]],
  ["a trust-root key that is none", ["evidence.json", ...pins.slice(0, 2), "--trust-root-key", script]],
  ["an option without a value", ["evidence.json", ...pins, "--files"]],
  ["a policy that is no digest", ["evidence.json", ...pins, "--policy", "mine"]],
])("%s exits 2 with the usage", async (_, args) => {
  const { status, out } = await run(...args.map((arg) => (arg === "evidence.json" ? join(root, arg) : arg)));
  expect([status, out]).toEqual([2, expect.stringContaining("usage: node verify.mjs")]);
});

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { command, run, scratch, start } from "./testing/child.js";
import { cleanModel } from "./testing/models.js";

// util-linux: runs a program on a terminal of its own.
const PTY = "script";
const CACHE = { XDG_CACHE_HOME: scratch() };

/** Waits until a process has a file open, or for a while where no one tells. */
async function opened({ pid }: ChildProcess, path: string): Promise<void> {
  const files = `/proc/${pid}/fd`;
  if (!existsSync(files)) return sleep(2500);
  const isOpen = (name: string): boolean => {
    try {
      return readlinkSync(join(files, name)) === realpathSync(path);
    } catch {
      return false;
    }
  };
  while (!readdirSync(files).some(isOpen)) await sleep(20);
}

describe("keys, sign and verify, on files alone", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const model = cleanModel(join(cwd, "model"));
  const say = (...args: string[]) => run(args, { cwd, env: CACHE });

  it("makes a key pair, private for its owner alone, and warns that it is not encrypted", async () => {
    const { code, stdout, stderr } = await say("keys", "create", "release", "--out", "release.key");
    expect(code).toBe(0);
    expect(stdout).toContain("BEGIN PUBLIC KEY");
    expect(stderr).toContain("not encrypted");
    expect(statSync(join(cwd, "release.key")).mode & 0o777).toBe(0o600);
    const again = await say("keys", "create", "release", "--out", "release.key");
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("key-exists");
  });

  it("signs, and verifies what it signed", async () => {
    expect(await say("sign", model, "--key", "release.key")).toMatchObject({ code: 0, stderr: "" });
    const { code, stdout } = await say("verify", model, "--key", "release.key.pub");
    expect(stdout).toMatch(/^ok {2}model: 2 files/);
    expect(code).toBe(0);
  });

  it("answers with one JSON document", async () => {
    const signed = JSON.parse((await say("sign", model, "--key", "release.key", "--output", "json")).stdout);
    expect(signed).toMatchObject({ signature: `${model}.sig`, files: 2 });
    const verified = JSON.parse(
      (await say("verify", model, "--key", "release.key.pub", "--output", "json")).stdout,
    );
    expect(verified).toMatchObject({ ok: true, files: ["config.json", "model.onnx"], unsigned: [] });
  });

  it("says no to changed files, to a missing file and to another key, with exit 1", async () => {
    const config = join(model, "config.json");
    const before = readFileSync(config);
    writeFileSync(config, '{"classes": 11}\n');
    const changed = await say("verify", model, "--key", "release.key.pub");
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/^no {2}.*model-mismatch/);
    expect(changed.stdout.trimEnd().split("\n").at(-1)).toContain("fix:");
    writeFileSync(config, before);
    await say("keys", "create", "other", "--out", "other.key");
    const other = await say("verify", model, "--key", "other.key.pub", "--output", "json");
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({ ok: false });
  });

  it("hashes anew after a change, with the cache and without", async () => {
    const config = join(model, "config.json");
    writeFileSync(config, '{"classes": 12}\n');
    for (const cache of [[], ["--no-cache"]]) {
      expect((await say("sign", model, "--key", "release.key", ...cache)).code).toBe(0);
      expect((await say("verify", model, "--key", "release.key.pub")).code).toBe(0);
    }
  });

  it.each([
    [["sign", "model", "--key", "nowhere.key"], "path-not-found"],
    [["sign", "nowhere", "--key", "release.key"], "path-not-found"],
    [["sign", "model"], "required option '--key"],
    [["sign", "model", "--key", "release.key.pub"], "key-malformed"],
    [["sign", "model", "--key", "release.key", "--method", "certificate"], "signing-cert"],
    [["verify", "model"], "whose signature"],
    [["verify", "model", "--key", "release.key.pub", "--identity", "x"], "in one way"],
    [["verify", "model", "--identity", "x"], "who vouches"],
    [["verify", "model", "--key", "release.key"], "key-malformed"],
    [["verify", "model", "--signature", "nowhere.sig", "--key", "release.key.pub"], "path-not-found"],
  ])("refuses %j with exit 2 and a way out", async (args, says) => {
    const { code, stdout, stderr } = await say(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^ {2}fix: /);
  });

  it("takes a passphrase from a file, and never signs without it", async () => {
    writeFileSync(join(cwd, "secret"), "correct horse\n", { mode: 0o600 });
    writeFileSync(join(cwd, "wrong"), "battery staple\n");
    const made = await say("keys", "create", "sealed", "--out", "sealed.key", "--passphrase-file", "secret");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(join(cwd, "sealed.key"), "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    const nobody = await say("sign", model, "--key", "sealed.key");
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain("--passphrase-file");
    const wrong = await say("sign", model, "--key", "sealed.key", "--passphrase-file", "wrong");
    expect(wrong.stderr).toContain("key-passphrase-wrong");
    expect(await say("sign", model, "--key", "sealed.key", "--passphrase-file", "secret")).toMatchObject({
      code: 0,
    });
  });

  it.skipIf(spawnSync(PTY, ["--version"]).status !== 0)(
    "asks for a passphrase without showing it",
    async () => {
      const program = [
        process.execPath,
        ...command(["keys", "create", "asked", "--out", "asked.key", "--passphrase"]),
      ];
      const child = spawn(PTY, ["-qec", program.map((word) => `'${word}'`).join(" "), "/dev/null"], {
        cwd,
      });
      let shown = "";
      let answered = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        shown += chunk;
        const asked = shown.match(/(passphrase for asked|once more): /g)?.length ?? 0;
        for (; answered < asked; answered++) child.stdin.write("hunter2\r");
      });
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
      expect(shown).not.toContain("hunter2");
      expect(readFileSync(join(cwd, "asked.key"), "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    },
  );

  it("shows a key by its file, public or private", async () => {
    const open = JSON.parse((await say("keys", "show", "release.key", "--output", "json")).stdout);
    const closed = JSON.parse((await say("keys", "show", "release.key.pub", "--output", "json")).stdout);
    expect(open.key.keyId).toBe(closed.key.keyId);
  });

  it("stops at Ctrl-C with 130 and leaves no half signature", async () => {
    const huge = join(cwd, "huge");
    writeFileSync(huge, "");
    truncateSync(huge, 200 * 1024 ** 3);
    const child = start(["sign", huge, "--key", "release.key", "--no-cache"], { cwd, env: CACHE });
    const said: Buffer[] = [];
    child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
    const code = new Promise<number | null>((resolve) => child.on("close", resolve));
    await opened(child, huge);
    child.kill("SIGINT");
    expect(await code).toBe(130);
    expect(Buffer.concat(said).toString()).toContain("cancelled");
    expect(existsSync(`${huge}.sig`)).toBe(false);
  });

  it.skipIf(process.getuid?.() === 0)("names the file that it may not read", async () => {
    const closed = join(model, "closed.bin");
    writeFileSync(closed, "x");
    chmodSync(closed, 0o000);
    const { code, stderr } = await say("sign", model, "--key", "release.key");
    chmodSync(closed, 0o600);
    expect(code).toBe(2);
    expect(stderr).toContain("closed.bin");
    expect(stderr).toContain("file-unreadable");
  });
});

const OMS_KEYS = fileURLToPath(new URL("../../../../shared/data/oms/assets/keys", import.meta.url));
const BUNDLES = fileURLToPath(
  new URL("../../../../shared/data/sigstore-bundles/bundle-verify", import.meta.url),
);
if (!existsSync(OMS_KEYS))
  console.warn("shared/data is not here: skipping certificates and Sigstore bundles");

describe.skipIf(!existsSync(OMS_KEYS))("certificates and Sigstore bundles", () => {
  const cwd = scratch();
  const model = cleanModel(join(cwd, "model"));
  const say = (...args: string[]) => run(args, { cwd, env: CACHE });
  const at = (name: string): string => join(OMS_KEYS, name);

  it("signs with a certificate and verifies against its root", async () => {
    const leaf = [
      "--key",
      at("certificate/signing-key.pem"),
      "--signing-cert",
      at("certificate/signing-key-cert.pem"),
    ];
    const chain = [
      "--cert-chain",
      at("certificate/int-ca-cert.pem"),
      "--cert-chain",
      at("certificate/ca-cert.pem"),
    ];
    const signed = await say("sign", model, "--method", "certificate", ...leaf, ...chain);
    expect(signed).toMatchObject({ code: 0 });
    expect(await say("verify", model, "--cert-chain", at("certificate/ca-cert.pem"))).toMatchObject({
      code: 0,
    });
    expect(await say("verify", model, "--cert-chain", at("wrong/wrong-ca-cert.pem"))).toMatchObject({
      code: 1,
    });
  });

  it("refuses to sign with an expired certificate", async () => {
    const leaf = [
      "--key",
      at("expired/signing-key.pem"),
      "--signing-cert",
      at("expired/signing-key-cert.pem"),
    ];
    const { code, stderr } = await say("sign", model, "--method", "certificate", ...leaf);
    expect(code).toBe(1);
    expect(stderr).toContain("certificate-expired");
  });

  const beacon = [
    "--identity",
    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
    "--identity-provider",
    "https://token.actions.githubusercontent.com",
  ];

  it.each([
    ["happy-path-v0.3", 0],
    ["dsse-invalid-sig_fail", 1],
    ["bundle-malformed-json_fail", 1],
  ])("answers %s with exit %i", async (name, code) => {
    const bundle = join(BUNDLES, name, "bundle.sigstore.json");
    const answer = await say("verify", join(BUNDLES, "a.txt"), "--bundle", bundle, ...beacon);
    expect(answer).toMatchObject({ code });
  });
});

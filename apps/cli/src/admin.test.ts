import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch } from "./testing/child.js";
import { cleanModel } from "./testing/models.js";

const env = { XDG_CACHE_HOME: scratch() };

describe("keys and trust of a local workspace", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const model = cleanModel(join(cwd, "digits"));
  const say = (...args: string[]): Promise<Outcome> => run(args, { cwd, env });
  const json = async (...args: string[]) => JSON.parse((await say(...args, "--output", "json")).stdout);

  beforeAll(async () => {
    await say("admit", model, "--name", "digits", "--licence", "MIT", "--origin", "https://example.com");
  }, 60_000);

  it("says what to do where there is no workspace", async () => {
    const { code, stdout, stderr } = await say("status", "--workspace-dir", "nowhere");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("directory-missing");
    expect(stderr).toMatch(/fix: countersign admit/);
    expect(existsSync(join(cwd, "nowhere"))).toBe(false);
  });

  it("says what stands in the way of a new workspace", async () => {
    const file = join(cwd, "a-file");
    writeFileSync(file, "text");
    for (const directory of [file, join(file, "inside")]) {
      const { code, stderr } = await say("admit", model, "--workspace-dir", directory);
      expect({ code, fault: /\(([a-z-]+)\)\n/.exec(stderr)?.[1] }).toEqual({
        code: 2,
        fault: "file-unreadable",
      });
    }
  });

  it("finds the workspace by COUNTERSIGN_HOME", async () => {
    const { code, stdout } = await run(["status"], {
      cwd: scratch(),
      env: { ...env, COUNTERSIGN_HOME: join(cwd, ".countersign") },
    });
    expect(code).toBe(0);
    expect(stdout).toContain("digits");
  });

  it("lets commands on one workspace take turns", async () => {
    const codes = await Promise.all(
      ["dev", "staging", "production"].map(
        async (name) => (await say("gate", "digits", "--environment", name)).code,
      ),
    );
    expect(codes).toEqual([0, 0, 3]);
  });

  it("takes the other spelling of licence, and of an approval's gate", async () => {
    expect(await say("declare", "digits", "--license", "MIT")).toMatchObject({ code: 0 });
    const approved = await say("approve", "digits", "--environment", "staging", "--action", "deploy");
    expect(approved.stdout).toContain("deploy of digits in staging");
  });

  it("never takes its own keys into a model", async () => {
    const { code, stderr } = await say("admit", ".", "--name", "everything");
    expect(code).toBe(2);
    expect(stderr).toContain("lies inside");
    expect(stderr).toContain("--workspace-dir");
  });

  it("approves with a key of one's own, kept under a passphrase", async () => {
    writeFileSync(join(cwd, "secret"), "correct horse\n");
    expect(await say("keys", "create", "alice", "--passphrase-file", "secret")).toMatchObject({
      code: 0,
      stderr: "",
    });
    const { key } = await json("keys", "show", "alice");
    writeFileSync(join(cwd, "alice.pub"), key.pem);
    const early = await say(
      "approve",
      "digits",
      "--environment",
      "production",
      "--key",
      "alice",
      "--passphrase-file",
      "secret",
    );
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/fix: countersign trust/);
    expect(
      await say("trust", "allow", "alice", "--role", "approver", "--public-key", "alice.pub"),
    ).toMatchObject({ code: 0 });
    const nobody = await say("approve", "digits", "--environment", "production", "--key", "alice");
    expect(nobody.stderr).toContain("key-passphrase-needed");
    const done = await say(
      "approve",
      "digits",
      "--environment",
      "production",
      "--key",
      "alice",
      "--passphrase-file",
      "secret",
    );
    expect(done).toMatchObject({ code: 0 });
    expect(done.stdout).toContain("by alice");
    expect((await say("gate", "digits", "--environment", "production")).code).toBe(0);
  });

  it("denies a principal from now on; what was stated before stands", async () => {
    expect((await say("trust", "deny", "alice")).stdout).toMatch(/^alice +approver +until/m);
    expect((await say("gate", "digits", "--environment", "production")).code).toBe(0);
    const late = await say(
      "approve",
      "digits",
      "--environment",
      "staging",
      "--key",
      "alice",
      "--passphrase-file",
      "secret",
    );
    expect(late.code).toBe(1);
    expect((await say("trust", "deny", "alice")).code).toBe(2);
  });

  it("cuts a compromised key off from an entry on", async () => {
    const { entries } = await json("log", "entries");
    const approval = entries.find(({ predicate }: { predicate: string }) => predicate === "approval");
    const { key } = await json("keys", "show", "alice");
    const { code, stdout } = await say("keys", "compromise", key.keyId, "--from", String(approval.index));
    expect(code).toBe(0);
    expect(stdout).toContain(`compromised from entry ${approval.index}`);
    expect((await say("gate", "digits", "--environment", "production")).code).toBe(3);
    expect((await say("trust", "verify")).stdout).toMatch(/version 4 holds/);
  });

  it("renews the trust root, and names who else may revoke", async () => {
    const until = new Date(Date.now() + 90 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    expect((await say("trust", "renew", "--days", "90")).stdout).toContain(`valid until ${until}`);
    expect((await say("trust", "revoker", "security")).stdout).toMatch(/may revoke .*: approver, security/);
  });

  it("refuses a role that no rule speaks of, and a key that is none", async () => {
    const role = await say("trust", "allow", "bob", "--role", "king", "--public-key", "alice.pub");
    expect(role.code).toBe(2);
    expect(role.stderr).toContain("approver");
    const key = await say("trust", "allow", "bob", "--role", "author", "--public-key", "secret");
    expect(key.stderr).toContain("key-malformed");
  });

  it("rotates a key, and the trust root moves with it", async () => {
    const before = (await json("keys", "show", "author")).key.keyId;
    expect(await say("keys", "rotate", "author")).toMatchObject({ code: 0 });
    const after = (await json("keys", "show", "author")).key.keyId;
    expect(after).not.toBe(before);
    const other = cleanModel(join(cwd, "second"));
    writeFileSync(join(other, "extra.json"), "{}\n");
    const admitted = await json("admit", other, "--name", "second", "--licence", "MIT");
    expect(admitted).toMatchObject({ signed: true, decision: { outcome: "allow" } });
    expect((await say("promote", "second", "--to", "staging")).code).toBe(0);
    expect((await say("promote", "digits", "--to", "staging")).code).toBe(0);
    expect((await say("keys", "rotate", "log")).code).toBe(2);
  });

  it("signs onto the record what was admitted unsigned", async () => {
    const third = cleanModel(join(cwd, "third"));
    writeFileSync(join(third, "third.json"), "{}\n");
    expect((await json("admit", third, "--name", "third", "--unsigned")).signed).toBe(false);
    expect((await say("promote", "third", "--to", "staging")).code).toBe(1);
    expect(await say("sign", third, "--key", "author", "--record")).toMatchObject({ code: 0 });
    expect((await say("promote", "third", "--to", "staging")).code).toBe(0);
  });

  it("signs by its digest what is on record and not here", async () => {
    const fourth = cleanModel(join(cwd, "fourth"));
    writeFileSync(join(fourth, "fourth.json"), "{}\n");
    const { artifact } = await json("admit", fourth, "--name", "fourth", "--unsigned");
    rmSync(fourth, { recursive: true });
    expect(await say("sign", artifact, "--key", "author")).toMatchObject({ code: 2 });
    expect(await say("sign", artifact, "--key", "author", "--record")).toMatchObject({ code: 0 });
    expect((await say("promote", artifact, "--to", "staging")).code).toBe(0);
    const unknown = await say("sign", `sha256:${"0".repeat(64)}`, "--key", "author", "--record");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("not-found");
  });

  it("names what was touched in the log", async () => {
    const copy = join(cwd, "copy");
    await say("backup", "--to", copy);
    const tiles = join(copy, "log", "tile", "entries");
    const files = readdirSync(tiles, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.p\/\d+$/.test(name),
    );
    const newest = files.sort((a, b) => Number(a.split("/").at(-1)) - Number(b.split("/").at(-1))).at(-1);
    const path = join(tiles, newest ?? "");
    const bytes = readFileSync(path);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const verified = await say("log", "verify", "--workspace-dir", copy);
    expect(verified.code).toBe(1);
    expect(verified.stderr).toContain("log-tampered");
    const audited = await say("log", "audit", "--workspace-dir", copy);
    expect(audited.code).toBe(1);
    expect(audited.stderr).toContain("fix: countersign restore --from");
    const restored = await say("restore", "--from", copy, "--data", join(cwd, "restored"));
    expect(restored.code).toBe(1);
    expect(existsSync(join(cwd, "restored"))).toBe(false);
    expect(existsSync(join(cwd, "restored.partial"))).toBe(false);
  });
});

describe("policy", () => {
  const cwd = scratch();
  const say = (...args: string[]): Promise<Outcome> => run(["policy", ...args], { cwd });

  it("lists, checks and tests the starter policies", async () => {
    const { code, stdout } = await say("list");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^no-malicious +forbid/m);
    expect((await say("check")).stdout).toMatch(/^ok {2}\d+ policies/);
    const tested = await say("test");
    expect(tested.stdout).toMatch(/\d+ passed, 0 failed/);
    expect(tested.code).toBe(0);
  });

  it("names file and line of a policy that does not fit, and exits 2", async () => {
    mkdirSync(join(cwd, "bad"));
    writeFileSync(
      join(cwd, "bad", "x.cedar"),
      '@id("x")\n@reason("r")\n@remedy("m")\nforbid (principal, action, resource)\nwhen { resource.nothing };\n',
    );
    const { code, stderr } = await say("check", "bad");
    expect(code).toBe(2);
    expect(stderr).toMatch(/x\.cedar:5/);
    expect(stderr).toContain("fix:");
  });

  it("exits 1 for a table that does not hold", async () => {
    const { directory } = JSON.parse((await say("list", "--output", "json")).stdout);
    const own = join(cwd, "own");
    mkdirSync(own);
    for (const name of readdirSync(directory)) copyFileSync(join(directory, name), join(own, name));
    const table = readdirSync(own).find((name) => name.endsWith(".test.yaml"));
    if (table) {
      const text = readFileSync(join(own, table), "utf8");
      writeFileSync(join(own, table), text.replace("expect: allow", "expect: deny"));
    }
    const { code, stdout } = await say("test", own);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL/m);
    expect(stdout).toContain("but was");
  });
});

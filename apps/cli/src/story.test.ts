import { spawnSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch } from "./testing/child.js";
import { cleanModel, maliciousModel } from "./testing/models.js";

const VERIFIER = fileURLToPath(new URL("../../../verifier/verify.mjs", import.meta.url));

// One person's afternoon, with the real program on real files: each step needs the one before.
describe("a model's way to production, on a local directory", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const model = cleanModel(join(cwd, "digits"));
  const say = (...args: string[]): Promise<Outcome> => run(args, { cwd });
  let admitted: Outcome;

  beforeAll(async () => {
    admitted = await say(
      "admit",
      model,
      "--name",
      "digits",
      "--licence",
      "BSD-3-Clause",
      "--origin",
      "https://example.com",
    );
  }, 120_000);

  it("admits it, and says that it made a workspace with unencrypted keys", () => {
    expect(admitted).toMatchObject({ code: 0 });
    expect(admitted.stdout).toMatch(/^allow .*ingest of digits/m);
    expect(admitted.stderr).toContain("making a new workspace");
    expect(admitted.stderr).toContain("unencrypted");
    const key = join(cwd, ".countersign", "keys", "author.pem");
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  it("promotes it to staging", async () => {
    const { code, stdout } = await say("promote", "digits", "--to", "staging");
    expect(stdout).toContain("promoted  to staging");
    expect(code).toBe(0);
  });

  it("answers 3 for production, names who must approve, and ends with the command", async () => {
    const { code, stdout } = await say("promote", "digits", "--to", "production");
    expect(code).toBe(3);
    expect(stdout).toMatch(/^pending/m);
    expect(stdout).toMatch(/approvers .*approver/);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/fix: +countersign approve .*production/);
  });

  it("does not take the author's word for it", async () => {
    const { code, stderr } = await say("approve", "digits", "--environment", "production", "--key", "author");
    expect(code).toBe(1);
    expect(stderr).toContain("approval-refused");
    expect(stderr).toContain("fix:");
  });

  it("allows it after the approval, by the bytes in the directory as well as by name", async () => {
    const pending = await say("promote", model, "--to", "production", "--output", "json");
    expect(pending.code).toBe(3);
    const approved = await say("approve", model, "--environment", "production");
    expect(approved).toMatchObject({ code: 0 });
    const { code, stdout } = await say("promote", model, "--to", "production", "--output", "json");
    expect(code).toBe(0);
    const { decision, promotion } = JSON.parse(stdout);
    expect(decision).toMatchObject({ outcome: "allow", gate: "promote", environment: "production" });
    expect(promotion.environment).toBe("production");
  });

  it("shows where things stand", async () => {
    const { code, stdout } = await say("status");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^digits +allow +.*production/m);
    const { versions, log } = JSON.parse((await say("status", "--output", "json")).stdout);
    expect(versions[0].environments.sort()).toEqual(["production", "staging"]);
    expect(log.size).toBeGreaterThan(5);
  });

  it("lists the log, checks it, and hands out proofs", async () => {
    const entries = JSON.parse((await say("log", "entries", "--output", "json")).stdout).entries;
    const kinds = new Set(entries.map(({ predicate }: { predicate: string }) => predicate));
    for (const kind of ["trust-root", "manifest", "scan", "signature", "decision", "approval", "promotion"]) {
      expect(kinds).toContain(kind);
    }
    const checkpoint = await say("log", "checkpoint");
    expect(checkpoint.stdout).toMatch(/^countersign\.local\/.*\n\d+\n/);
    expect((await say("log", "receipt", "1")).stdout).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    expect(await say("log", "audit")).toMatchObject({ code: 0, stderr: "" });
    expect(await say("log", "verify")).toMatchObject({ code: 0 });
  });

  it("writes a decision's evidence, which the outsider's verifier accepts and of changed files refuses", async () => {
    const { versions, log } = JSON.parse((await say("status", "--output", "json")).stdout);
    const { code } = await say("log", "evidence", versions[0].decisions[0].id, "-o", "decision.json");
    expect(code).toBe(0);
    const pins = ["--log-key", log.vkey, "--trust-root-key", join(cwd, ".countersign", "keys", "root.pub")];
    const check = (...more: string[]) =>
      spawnSync(process.execPath, [VERIFIER, "decision.json", ...pins, ...more], { cwd, encoding: "utf8" });
    expect(check("--files", model)).toMatchObject({ status: 0 });
    expect(check("--files", VERIFIER)).toMatchObject({ status: 1 });
  });

  it("refuses a malicious pickle with exit 1 and a reason", async () => {
    const bad = maliciousModel(join(cwd, "bad"));
    const { code, stdout } = await say("admit", bad, "--name", "bad");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^malicious {2}model\.pkl {2}\(pickle/m);
    expect(stdout).toMatch(/^deny .*ingest of bad/m);
    expect(stdout).toMatch(/because +.*malicious/);
    const promoted = await say("promote", "bad", "--to", "staging");
    expect(promoted.code).toBe(1);
  });

  it("refuses bytes that changed since", async () => {
    const other = cleanModel(join(cwd, "other"));
    writeFileSync(join(other, "config.json"), "{}\n");
    const { code, stderr } = await say("promote", other, "--to", "staging");
    expect(code).toBe(2);
    expect(stderr).toContain("not on record");
    expect(stderr).toMatch(/fix: countersign admit .*other/);
  });

  it("takes an approval back", async () => {
    const entries = JSON.parse((await say("log", "entries", "--output", "json")).stdout).entries;
    const approval = entries.find(({ predicate }: { predicate: string }) => predicate === "approval");
    expect(await say("revoke", approval.envelope, "--reason", "mistake")).toMatchObject({ code: 0 });
    expect((await say("gate", "digits", "--environment", "production")).code).toBe(3);
  });

  it("backs up, and restores only what is whole and new enough", async () => {
    const backup = join(cwd, "backup");
    expect(await say("backup", "--to", backup)).toMatchObject({ code: 0 });
    expect((await say("backup", "--to", backup)).code).toBe(2);
    const restored = join(cwd, "restored");
    expect(await say("restore", "--from", backup, "--data", restored)).toMatchObject({ code: 0 });
    expect((await say("status", "--workspace-dir", restored)).stdout).toContain("digits");
    await say("declare", "digits", "--tag", "team=risk");
    writeFileSync(join(cwd, "newest.checkpoint"), (await say("log", "checkpoint")).stdout);
    const again = [
      "restore",
      "--from",
      backup,
      "--data",
      join(cwd, "again"),
      "--checkpoint",
      "newest.checkpoint",
    ];
    const behind = await say(...again);
    expect(behind.code).toBe(2);
    expect(behind.stderr).toContain("restore-behind");
    expect(existsSync(join(cwd, "again"))).toBe(false);
    const renewed = await say(...again, "--new-origin");
    expect(renewed.stdout).toContain("must pin this one");
    expect(await say("log", "audit", "--workspace-dir", "again")).toMatchObject({ code: 0 });
  });

  it("notices an object that was taken away", async () => {
    const { rmSync, readdirSync } = await import("node:fs");
    const objects = join(cwd, "restored", "objects");
    const [first] = readdirSync(objects, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    rmSync(join(first?.parentPath ?? "", first?.name ?? ""));
    const { code, stdout, stderr } = await say("log", "audit", "--workspace-dir", join(cwd, "restored"));
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/object-missing|trust-root-invalid/);
  });
});

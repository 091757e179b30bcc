import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, run, scratch, start } from "./testing/child.js";
import { cleanModel, maliciousModel } from "./testing/models.js";

interface Served {
  child: ChildProcess;
  text: string;
}

/** Starts a verb that serves, and waits until it has said all that it says at the start. */
function serve(args: string[], cwd: string): Promise<Served> {
  const child = start(args, { cwd, env: { COUNTERSIGN_LOG_LEVEL: "warn" } });
  let out = "";
  let err = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => (err += chunk));
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk;
      if (out.includes("Ctrl-C stops it.")) resolve({ child, text: out });
    });
    child.on("close", (code) => reject(new Error(`exit ${code}: ${err}`)));
  });
}

function stop({ child }: Served): Promise<number | null> {
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.kill("SIGINT");
  return code;
}

describe("through a server", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const model = cleanModel(join(cwd, "digits"));
  let witness: Served;
  let up: Served;
  let connection: Record<string, string>;
  let vkey: string;
  const say = (...args: string[]): Promise<Outcome> => run(args, { cwd, env: connection });

  // The server's keys exist once it has run; the witness must know its log's key, so the server starts twice.
  beforeAll(async () => {
    const first = await serve(["up", "--port", "0", "--data", "data", "--no-example"], cwd);
    vkey = /countersign\.local\/\S+/.exec(first.text)?.[0] ?? "";
    expect(await stop(first)).toBe(0);
    for (const [name, algorithm] of [
      ["witness", "ed25519"],
      ["alice", "ecdsa-p256"],
      ["bob", "ecdsa-p384"],
    ] as const) {
      await run(["keys", "create", name, "--out", `${name}.key`, "--algorithm", algorithm], { cwd });
    }
    witness = await serve(["log", "witness", "--key", "witness.key", "--log-vkey", vkey, "--port", "0"], cwd);
    const [, address = "", witnessKey = ""] =
      /--witness (\S+) --witness-key '([^']+)'/.exec(witness.text) ?? [];
    const args = ["up", "--port", "0", "--data", "data", "--no-example"];
    up = await serve([...args, "--witness", address, "--witness-key", witnessKey], cwd);
    const [, server = "", token = ""] =
      /COUNTERSIGN_SERVER=(\S+) COUNTERSIGN_TOKEN=(\S+)/.exec(up.text) ?? [];
    connection = { COUNTERSIGN_SERVER: server, COUNTERSIGN_TOKEN: token };
  }, 120_000);

  afterAll(async () => {
    if (up) expect(await stop(up)).toBe(0);
    if (witness) expect(await stop(witness)).toBe(0);
  }, 60_000);

  it("prints a one-time link and what the command line needs", () => {
    expect(up.text).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+\/#code=\S+$/m);
    expect(connection.COUNTERSIGN_TOKEN).toMatch(/^cst_/);
    expect(vkey).toMatch(/\+[0-9a-f]{8}\+/);
  });

  it("refuses a wrong token and an address where nobody answers, with a way out", async () => {
    const wrong = await run(["status"], {
      cwd,
      env: { ...connection, COUNTERSIGN_TOKEN: "cst_default_wrong" },
    });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("unauthorised");
    expect(wrong.stderr).toMatch(/fix: /);
    const nobody = await run(["status", "--server", "http://127.0.0.1:9"], { cwd });
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain("server-unreachable");
    expect(nobody.stderr).toContain("fix: countersign up");
  });

  it("lets two people's keys in, by the root key", async () => {
    for (const [name, role] of [
      ["alice", "author"],
      ["bob", "approver"],
    ] as const) {
      const root = ["--root-key", join("data", "keys", "root.pem")];
      const allowed = await say(
        "trust",
        "allow",
        name,
        "--role",
        role,
        "--public-key",
        `${name}.key.pub`,
        ...root,
      );
      expect(allowed).toMatchObject({ code: 0 });
      expect(allowed.stdout).toMatch(new RegExp(`^${name} +${role} +allowed`, "m"));
    }
    expect((await say("trust", "verify")).stdout).toContain("version 3 holds");
  });

  it("uploads, signs here, and records there", async () => {
    const { code, stdout } = await say(
      "admit",
      model,
      "--name",
      "digits",
      "--key",
      "alice.key",
      "--output",
      "json",
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      name: "digits",
      signed: true,
      decision: { outcome: "allow", gate: "ingest" },
    });
    expect(result.manifest.files.map(({ name }: { name: string }) => name)).toEqual([
      "config.json",
      "model.onnx",
    ]);
    expect(
      await say("declare", "digits", "--licence", "MIT", "--origin", "https://example.com"),
    ).toMatchObject({ code: 0 });
  });

  it("asks for bob's approval, takes no one else's, and then allows", async () => {
    expect((await say("promote", "digits", "--to", "staging")).code).toBe(0);
    const pending = await say("promote", "digits", "--to", "production");
    expect(pending.code).toBe(3);
    expect(pending.stdout).toMatch(/approvers .*bob/);
    const noKey = await say("approve", "digits", "--environment", "production");
    expect(noKey.code).toBe(2);
    expect(noKey.stderr).toContain("--key FILE");
    const author = await say("approve", "digits", "--environment", "production", "--key", "alice.key");
    expect(author.code).toBe(1);
    expect(author.stderr).toContain("signer-not-allowed");
    expect(await say("approve", model, "--environment", "production", "--key", "bob.key")).toMatchObject({
      code: 0,
    });
    const allowed = await say("promote", model, "--to", "production");
    expect(allowed.stdout).toContain("promoted  to production");
    expect(allowed.code).toBe(0);
  });

  it("refuses a malicious pickle with exit 1 and a reason", async () => {
    const { code, stdout } = await say(
      "admit",
      maliciousModel(join(cwd, "bad")),
      "--name",
      "bad",
      "--key",
      "alice.key",
    );
    expect(stdout).toMatch(/because +.*malicious/);
    expect(code).toBe(1);
  });

  it("shows, proves and audits", async () => {
    expect((await say("status")).stdout).toMatch(/^digits +allow +.*production/m);
    const { entries } = JSON.parse((await say("log", "entries", "--output", "json")).stdout);
    expect(entries.length).toBeGreaterThan(10);
    expect(entries.map(({ index }: { index: number }) => index)).toEqual(
      entries.map((_: unknown, at: number) => at),
    );
    const checkpoint = (await say("log", "checkpoint")).stdout;
    writeFileSync(join(cwd, "seen.checkpoint"), checkpoint);
    expect((await say("log", "receipt", "2")).stdout).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    expect(await say("log", "verify", "--log-vkey", vkey, "--since", "seen.checkpoint")).toMatchObject({
      code: 0,
    });
    expect((await say("log", "verify")).stderr).toContain("--log-vkey");
    expect(await say("log", "audit")).toMatchObject({ code: 0 });
    const { versions } = JSON.parse((await say("status", "--output", "json")).stdout);
    const id = versions.find(({ name }: { name: string }) => name === "digits").decisions[0].id;
    expect(await say("log", "evidence", id, "-o", "decision.json")).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(join(cwd, "decision.json"), "utf8")).format).toBe(
      "countersign-evidence/v1",
    );
  });

  it("is witnessed: the checkpoint carries the witness's cosignature", async () => {
    expect((await say("log", "checkpoint")).stdout).toContain("— witness.local ");
  });

  it("is overruled by a directory that was typed", async () => {
    const { code, stderr } = await say("status", "--workspace-dir", "mine");
    expect(code).toBe(2);
    expect(stderr).toContain("directory-missing");
  });

  it("never makes a local workspace when it works through a server", () => {
    expect(existsSync(join(cwd, ".countersign"))).toBe(false);
  });

  it("takes an approval back", async () => {
    const { entries } = JSON.parse((await say("log", "entries", "--output", "json")).stdout);
    const { envelope } = entries.find(({ predicate }: { predicate: string }) => predicate === "approval");
    expect(await say("revoke", envelope, "--reason", "mistake", "--key", "bob.key")).toMatchObject({
      code: 0,
    });
    expect((await say("gate", "digits", "--environment", "production")).code).toBe(3);
  });
});

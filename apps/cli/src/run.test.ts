import { describe, expect, it } from "vitest";
import type { Io } from "./io.js";
import { VERSION } from "./program.js";
import { run } from "./run.js";

interface Said {
  code: number;
  out: string;
  err: string;
}

async function say(args: string[], terminal = false, env: Io["env"] = {}): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    stdin: process.stdin,
    stdout: { isTTY: terminal, columns: 100, write: (text) => out.push(text) },
    stderr: { isTTY: terminal, columns: 100, write: (text) => err.push(text) },
    env,
    cwd: "/",
    clock: () => 0,
    signal: new AbortController().signal,
  };
  return { code: await run(args, io), out: out.join(""), err: err.join("") };
}

describe("help and usage", () => {
  it("explains itself and exits 0", async () => {
    const { code, out, err } = await say(["--help"]);
    expect(code).toBe(0);
    expect(err).toBe("");
    for (const verb of [
      "up",
      "status",
      "scan",
      "sign",
      "verify",
      "admit",
      "gate",
      "policy",
      "approve",
      "promote",
    ]) {
      expect(out).toMatch(new RegExp(`^ {2}${verb} `, "m"));
    }
    expect(out).toContain("Exit codes:");
  });

  it("gives every verb a summary and an example", async () => {
    const { createProgram } = await import("./program.js");
    const { reference } = await import("./reference.js");
    const text = reference(createProgram({ io: {} as Io, exit: 0 }));
    const sections = text.split("\n## ").slice(1);
    expect(sections.length).toBeGreaterThan(30);
    for (const section of sections) {
      expect(section).toContain("```sh\n# ");
      expect(section).not.toContain("undefined");
    }
  });

  it("answers a group without a verb with its help and exits 2", async () => {
    const { code, err } = await say(["keys"]);
    expect(code).toBe(2);
    expect(err).toContain("Usage: countersign keys");
  });

  it("explains a verb of a group, and refuses an unknown one", async () => {
    expect((await say(["help", "log", "entries"])).out).toContain("Usage: countersign log entries [options]");
    expect((await say(["help"])).out).toContain("Usage: countersign [options] [command]");
    expect(await say(["help", "log", "entry"])).toMatchObject({ code: 2, out: "" });
  });

  it("prints the version", async () => {
    expect(await say(["--version"])).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  });

  it("suggests the verb that was meant", async () => {
    const { code, out, err } = await say(["prmote"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("unknown command 'prmote'");
    expect(err).toContain("Did you mean promote?");
    expect(err.trimEnd().split("\n").at(-1)).toBe("  fix: countersign --help");
  });

  it("suggests the option that was meant, and names the verb's help", async () => {
    const { code, err } = await say(["log", "entries", "--form", "2"]);
    expect(code).toBe(2);
    expect(err).toContain("Did you mean --from?");
    expect(err.trimEnd().split("\n").at(-1)).toBe("  fix: countersign log entries --help");
  });

  it.each([
    [["scan"], "missing required argument"],
    [["scan", "x", "--output", "xml"], "Allowed choices are table, json, sarif"],
    [["gate", "x"], "--environment"],
    [["gate", "x", "--environment", "dev", "--gate", "deplo"], "Allowed choices"],
    [["up", "--port", "99999"], "whole number from 0 to 65535"],
    [["admit", "x", "--tag", "nonsense"], "key=value"],
    [["log", "receipt", "-1"], "is invalid"],
    [["promote", "x"], "say where"],
    [["admit", "x", "--unsigned", "--key", "k"], "cannot be used with"],
  ])("refuses %j with exit 2 and a way out", async (args, says) => {
    const { code, out, err } = await say(args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(says);
    expect(err.trimEnd().split("\n").at(-1)).toMatch(/^ {2}fix: /);
  });

  it("neutralises what it quotes back", async () => {
    const { err } = await say(["\u001b]0;owned\u0007"], true);
    expect(err).not.toContain("\u001b]");
    expect(err).toContain("\\x1b]0;owned\\x07");
  });

  it("colours on a terminal, unless NO_COLOR", async () => {
    expect((await say(["--help"], true)).out).toContain("\u001b[1m");
    expect((await say(["--help"], true, { NO_COLOR: "1" })).out).not.toContain("\u001b");
    expect((await say(["--help"], false)).out).not.toContain("\u001b");
  });
});

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPolicies, STARTER_POLICIES } from "@countersign/policy";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { REMEDIES } from "./faults.js";
import type { Io } from "./io.js";
import { createProgram, VERSION } from "./program.js";
import { run } from "./run.js";
import { examples } from "./verbs/shared.js";

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

describe("what the program tells people to type", () => {
  const program = createProgram({ io: {} as Io, exit: 0 });

  /** Checks the words of a command up to the first pipe, redirection or remark; returns what is wrong with them. */
  function problemWith(text: string): string | undefined {
    // What other programs are given, before it, in a variable or in a substitution, is theirs to know.
    const own = text.slice(Math.max(0, text.indexOf("countersign "))).replace(/\$\([^)]*\)?/g, "WORD");
    const words = own.split(/ [|>;] |\s{2,}/)[0]?.split(" ") ?? [];
    if (words[1] === "help") return undefined;
    let verb = program;
    let at = 1;
    for (let next = named(verb, words[at]); next; next = named(verb, words[at])) {
      verb = next;
      at++;
    }
    if (verb === program && at < words.length && !words[at]?.startsWith("-")) return `no verb ${words[at]}`;
    const known = verb.options.flatMap(({ short, long }) => [short, long]);
    return words.slice(at).find((word) => /^--?[a-z]/.test(word) && ![...known, "--help"].includes(word));
  }
  const named = (verb: Command, word = ""): Command | undefined =>
    verb.commands.find((one) => one.name() === word);
  const everyVerb = (verb: Command): Command[] => [verb, ...verb.commands.flatMap(everyVerb)];

  it("knows every example", () => {
    for (const verb of everyVerb(program)) {
      for (const { command } of examples(verb)) expect(problemWith(command), command).toBeUndefined();
    }
  });

  it("knows every remedy", () => {
    for (const remedy of Object.values(REMEDIES)) {
      const command = /(?:^|: )(countersign [a-z].*)/.exec(remedy)?.[1];
      if (command) expect(problemWith(command), command).toBeUndefined();
    }
  });

  it("knows every command in the project's pages and messages", async () => {
    const root = fileURLToPath(new URL("../../../", import.meta.url));
    const rooms = (
      await Promise.all(
        ["packages", "apps"].map(async (floor) =>
          (await readdir(join(root, floor))).map((room) => join(floor, room)),
        ),
      )
    ).flat();
    const places = ["docs", ...rooms.flatMap((room) => [join(room, "src"), join(room, "policies")])];
    const files = ["README.md"];
    for (const place of places) {
      const found = await readdir(join(root, place), { recursive: true }).catch(() => []);
      files.push(
        ...found
          .map((name) => join(place, name))
          .filter((name) => /(?<!\.test)\.(md|tsx?|cedar)$/.test(name)),
      );
    }
    expect(files.length).toBeGreaterThan(100);
    const wrong: string[] = [];
    for (const name of files) {
      const text = await readFile(join(root, name), "utf8");
      for (const [, command = ""] of text.matchAll(
        /(?:[`"']|\$ |npx |^ {2,})(countersign [a-z][^`"'\n]*)/gm,
      )) {
        const problem = problemWith(command.replace(/[.:)\\]*$/, ""));
        if (problem !== undefined) wrong.push(`${name}: ${command} (${problem})`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("knows every remedy of the starter policies", () => {
    for (const { remedy } of loadPolicies(STARTER_POLICIES).policies.values()) {
      expect(problemWith(remedy), remedy).toBeUndefined();
    }
  });
});

it("loads nothing but commander for help", async () => {
  const source = fileURLToPath(new URL(".", import.meta.url));
  const seen = new Set<string>();
  const foreign = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, "utf8");
    const loads = /^(?:import ([^"]*?)from |const [^"]*? = await import\()"(.*?)"\)?;$/gm;
    for (const [, clause = "", from = ""] of text.matchAll(loads)) {
      if (clause.startsWith("type ")) continue;
      if (from.startsWith(".")) await visit(join(file, "..", from.replace(/\.js$/, ".ts")));
      else foreign.add(from);
    }
  };
  await visit(join(source, "main.ts"));
  expect([...foreign]).toEqual(["commander"]);
  expect(seen.size).toBeLessThan(25);
});

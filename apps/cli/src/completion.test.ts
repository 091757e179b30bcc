import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { completionScript } from "./completion.js";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";

const program = createProgram({ io: {} as Io, exit: 0 });
const shells = { zsh: "zsh", fish: "fish" };
const hasShell = (name: string): boolean => spawnSync(name, ["--version"]).status === 0;

function complete(words: string[]): string[] {
  const script = `${completionScript(program, "bash")}
COMP_WORDS=(countersign ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_countersign
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: "/" }).trim().split("\n");
}

describe.skipIf(!hasShell("bash"))("bash completion", () => {
  it("completes verbs", () => {
    expect(complete(["pro"])).toEqual(["promote"]);
    expect(complete(["log", "ent"])).toEqual(["entries"]);
  });

  it("completes options of the verb at hand, after other words", () => {
    expect(complete(["admit", "model", "--lic"])).toEqual(["--licence"]);
    expect(complete(["log", "verify", "--si"])).toEqual(["--since"]);
  });

  it("completes fixed values", () => {
    expect(complete(["scan", "--output", "s"])).toEqual(["sarif"]);
    expect(complete(["gate", "m", "--gate", "pro"])).toEqual(["promote"]);
    expect(complete(["completion", "z"])).toEqual(["zsh"]);
  });

  it("completes files where a file is due", () => {
    expect(complete(["scan", "/etc/host"])).toContain("/etc/hosts");
    expect(complete(["sign", "m", "--key", "/etc/host"])).toContain("/etc/hosts");
  });
});

/** As zsh's bridge to bash completions sets it up: arrays begin at 0, "path" and "words" are the shell's own. */
function completeInZsh(words: string[]): string[] {
  const script = `autoload -U +X compinit && compinit -D -u
${completionScript(program, "zsh")}
function ask() {
  local -a COMP_WORDS COMPREPLY words=(one two)
  COMP_WORDS=(countersign ${words.map((word) => `'${word}'`).join(" ")})
  local -i COMP_CWORD=${words.length}
  emulate -L sh; setopt kshglob noshglob braceexpand
  _countersign
  printf '%s\\n' "\${COMPREPLY[@]}"
}
ask`;
  const { stdout, stderr } = spawnSync(shells.zsh, ["-f"], { input: script, encoding: "utf8", cwd: "/" });
  expect(stderr).toBe("");
  // What does not begin like the word at hand, zsh itself leaves out.
  const choices = stdout.trim().split("\n");
  return choices.filter((choice) => choice.startsWith(words.at(-1) ?? ""));
}

describe.skipIf(!hasShell("zsh"))("zsh completion", () => {
  it("completes verbs, options and fixed values", () => {
    expect(completeInZsh(["pro"])).toEqual(["promote"]);
    expect(completeInZsh(["log", "ent"])).toEqual(["entries"]);
    expect(completeInZsh(["log", "verify", "--si"])).toEqual(["--since"]);
    expect(completeInZsh(["scan", "--output", "s"])).toEqual(["sarif"]);
  });
});

function completeInFish(line: string): string[] {
  const script = `${completionScript(program, "fish")}\ncomplete -C '${line}'`;
  const { stdout, stderr } = spawnSync(shells.fish, ["-c", script], { encoding: "utf8", cwd: "/" });
  expect(stderr).toBe("");
  return stdout
    .trim()
    .split("\n")
    .map((choice) => choice.replace(/\t.*/, ""));
}

describe.skipIf(!hasShell("fish"))("fish completion", () => {
  it("completes verbs, options and fixed values", () => {
    expect(completeInFish("countersign pro")).toEqual(["promote"]);
    expect(completeInFish("countersign log ent")).toEqual(["entries"]);
    expect(completeInFish("countersign log verify --si")).toEqual(["--since"]);
    expect(completeInFish("countersign scan --output s")).toEqual(["sarif"]);
  });
});

describe.each(["zsh", "fish"] as const)("%s completion", (shell) => {
  it("names every verb", () => {
    const script = completionScript(program, shell);
    for (const verb of program.commands) expect(script).toContain(verb.name());
  });

  it.skipIf(!hasShell(shell))("is a script that the shell accepts", () => {
    const script = completionScript(program, shell);
    const { status, stderr } = spawnSync(shell, ["-n", "-c", script], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

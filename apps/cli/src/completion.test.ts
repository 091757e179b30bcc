import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { completionScript } from "./completion.js";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";

const program = createProgram({ io: {} as Io, exit: 0 });
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

describe.each(["zsh", "fish"] as const)("%s completion", (shell) => {
  it("names every verb", () => {
    const script = completionScript(program, shell);
    for (const verb of program.commands) expect(script).toContain(verb.name());
  });

  it.skipIf(!hasShell(shell))("is a script that the shell accepts", () => {
    const { status, stderr } = spawnSync(shell, ["-n"], {
      input: completionScript(program, shell),
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

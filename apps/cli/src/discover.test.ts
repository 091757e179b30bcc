import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run, scratch } from "./testing/child.js";

describe("discover", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const say = (...args: string[]) => run(args, { cwd });
  const app = join(cwd, "app");
  mkdirSync(app);
  writeFileSync(
    join(app, "ask.py"),
    'from openai import OpenAI\n\nOpenAI(api_key="sk-abcdefghijklmnop").chat.completions.create(model="gpt-4o", messages=[])\n',
  );
  writeFileSync(join(app, "\u001b[2Jx.py"), 'import ollama\nollama.chat(model="phi3")\n');
  const document = (name: string): string =>
    `apiVersion: countersign.dev/v1\nkind: Model\nmetadata:\n  name: ${name}\nspec: {}\n`;
  writeFileSync(join(cwd, "all.yaml"), `${document("gpt-4o")}---\n${document("phi3")}`);
  writeFileSync(join(cwd, "some.yaml"), `${document("gpt-4o")}---\n${document("lost")}`);

  it("exits 0 when all that is found is declared, and the reverse", async () => {
    const { code, stdout, stderr } = await say("discover", "app", "-f", "all.yaml");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^declared +Model +gpt-4o +openai +ask\.py:3$/m);
    expect(stdout).toMatch(/2 declared, 0 shadow, 0 missing$/m);
  });

  it("exits 1 for what is shadow or missing, and shows no secret and no escape sequence", async () => {
    const { code, stdout } = await say("discover", "app", "-f", "some.yaml");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^shadow +Model +phi3/m);
    expect(stdout).toMatch(/^missing +Model +lost/m);
    expect(stdout).not.toContain("\u001b");
    const json = await say("discover", "app", "--output", "json");
    expect(json.code).toBe(1);
    const { findings, counts } = JSON.parse(json.stdout);
    expect(counts).toEqual({ declared: 0, shadow: 2, missing: 0 });
    expect(findings[0]).toMatchObject({
      kind: "Model",
      name: "gpt-4o",
      provider: "openai",
      status: "shadow",
      confidence: "high",
    });
    expect(findings[0].evidence[0]).toMatchObject({ file: "ask.py", line: 3 });
    expect(json.stdout).not.toContain("sk-abcdefghijklmnop");
    const sarif = await say("discover", "app", "--output", "sarif");
    expect(JSON.parse(sarif.stdout).runs[0].results).toHaveLength(2);
  });

  it("clones a repository's address, and reads what it tracks", async () => {
    const repository = join(cwd, "team.git");
    const git = (...args: string[]): void =>
      void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: repository,
        stdio: "ignore",
      });
    mkdirSync(repository);
    git("init", "-q");
    writeFileSync(join(repository, "a.py"), 'import ollama\nollama.chat(model="phi3")\n');
    git("add", "a.py");
    git("commit", "-qm", "x");
    writeFileSync(join(repository, "untracked.py"), 'import ollama\nollama.chat(model="qwen2")\n');
    for (const place of [`file://${repository}`, "team.git"]) {
      const { stdout } = await say("discover", place, "--output", "json");
      expect(JSON.parse(stdout).findings.map(({ name }: { name: string }) => name)).toEqual(["phi3"]);
    }
  });

  it("exits 2 for what cannot be looked at", async () => {
    for (const place of ["nowhere", "http://127.0.0.1:9", `file://${cwd}/none.git`]) {
      const { code, stdout, stderr } = await say("discover", place);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/fix: /);
    }
  });
});

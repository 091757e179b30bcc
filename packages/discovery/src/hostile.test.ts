import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { DIALECTS, type Language } from "./code/language.js";
import { readNotebook } from "./code/notebook.js";
import { readSource } from "./code/source.js";
import { readScript } from "./config/shell.js";
import { discoverPath } from "./index.js";
import { trackedPaths } from "./walk/git-index.js";

const root = mkdtempSync(join(tmpdir(), "discover-hostile-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function place(name: string): string {
  const directory = join(root, name);
  mkdirSync(directory);
  return directory;
}

describe("hostile trees", () => {
  it("does not follow links out or around", async () => {
    const tree = place("links");
    symlinkSync("..", join(tree, "up"));
    symlinkSync("/etc", join(tree, "etc"));
    symlinkSync("loop", join(tree, "loop"));
    writeFileSync(join(tree, "a.py"), 'import openai\nopenai.chat.completions.create(model="gpt-4o")\n');
    const { findings, files } = await discoverPath(tree);
    expect(files).toBe(1);
    expect(findings.map(({ name }) => name)).toEqual(["gpt-4o"]);
  });

  it("says what was too large, too deep or too many, and goes on", async () => {
    const tree = place("limits");
    writeFileSync(join(tree, "big.py"), `import openai\n${"x = 1\n".repeat(400_000)}`);
    writeFileSync(join(tree, "ok.py"), 'import openai\nopenai.chat.completions.create(model="gpt-4o")\n');
    mkdirSync(join(tree, Array(70).fill("d").join("/")), { recursive: true });
    const { findings, notes } = await discoverPath(tree);
    expect(findings).toHaveLength(1);
    expect(notes.map(({ reason }) => reason).join("\n")).toMatch(/larger than[\s\S]*|deeper than/);
    expect(notes.some(({ reason }) => reason.includes("deeper"))).toBe(true);
    const few = await discoverPath(tree, { limits: { files: 1 } });
    expect(few.notes.some(({ reason }) => reason.includes("more than 1 files"))).toBe(true);
  });

  it("survives bytes that are no text, broken encodings and broken notebooks", async () => {
    const tree = place("bytes");
    writeFileSync(join(tree, "a.py"), Buffer.from([0x69, 0x6d, 0xff, 0xfe, 0x00, 0x01]));
    writeFileSync(
      join(tree, "b.py"),
      Buffer.concat([
        Buffer.from("import openai\n# "),
        Buffer.from([0xff, 0xc0]),
        Buffer.from('\nopenai.chat.completions.create(model="gpt-4o")'),
      ]),
    );
    writeFileSync(join(tree, "c.ipynb"), '{"cells": [{"cell_type": "code", "source": 7}, null, 3]');
    writeFileSync(join(tree, "d.yaml"), "a: &a [*a, *a]\nb: *nowhere\nmodel: [[[[\n");
    writeFileSync(
      join(tree, "wide.ts"),
      Buffer.from(
        "\ufeffimport OpenAI from 'openai';\nnew OpenAI().chat.completions.create({model:'gpt-4.1'})",
        "utf16le",
      ),
    );
    const { findings } = await discoverPath(tree);
    expect(findings.map(({ name }) => name)).toEqual(["gpt-4.1", "gpt-4o"]);
  });

  it("never shows a secret", async () => {
    const tree = place("secrets");
    const secrets = [
      "sk-proj-abcdefgh12345678",
      "hf_abcdefghijklmnop",
      "AKIAABCDEFGHIJKLMNOP",
      "hunter2hunter2",
    ];
    writeFileSync(
      join(tree, "a.py"),
      `from openai import OpenAI\nfrom transformers import pipeline\nOpenAI(api_key="${secrets[0]}").chat.completions.create(model="gpt-4o")\npipeline("x", model="org/m-1", token="${secrets[1]}", aws="${secrets[2]}")\nOpenAI(base_url="https://me:${secrets[3]}@llm.example/v1")\n`,
    );
    writeFileSync(
      join(tree, ".env"),
      `OPENAI_MODEL=gpt-4o # ${secrets[0]}\nOPENAI_BASE_URL=https://u:${secrets[3]}@llm.example/v1\n`,
    );
    const text = JSON.stringify(await discoverPath(tree));
    expect(text).toContain("https://llm.example/v1");
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

const WORDS = fc.constantFrom(
  "import ",
  "from ",
  "def ",
  "class ",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  '"""',
  "`",
  "${",
  "#{",
  'f"',
  "//",
  "/*",
  "*/",
  "#",
  "\\",
  "\n",
  "  ",
  "=",
  ":=",
  "=>",
  ",",
  ".",
  "::",
  "model",
  "openai",
  "new ",
  "use ",
  "<<~A",
  "A",
  "%w[",
  "<",
  ">",
  "?",
  ":",
  "if ",
  "else ",
  "|",
);

describe("parsers", () => {
  it.each(Object.keys(DIALECTS) as Language[])("read any %s without a fault", (language) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(WORDS, fc.string({ maxLength: 4 })), { maxLength: 120 }), (parts) => {
        readSource("x", parts.join(""), language);
      }),
      { numRuns: 300 },
    );
  });

  it("read any script, notebook and index without a fault", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => void readScript(`${text}\n$(${text}) "${text}`)),
    );
    fc.assert(fc.property(fc.json(), (text) => void readNotebook(`{"cells":[${text}]}`)));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        trackedPaths(Buffer.concat([Buffer.from("DIRC\0\0\0\x02\0\0\0\x09", "latin1"), bytes]));
      }),
    );
  });

  it("whole trees of noise end in time", async () => {
    const tree = place("noise");
    const noise = fc.sample(fc.array(WORDS, { minLength: 2_000, maxLength: 3_000 }), {
      numRuns: 12,
      seed: 7,
    });
    for (const [index, parts] of noise.entries())
      for (const ending of ["py", "ts", "go", "rb", "kt"])
        writeFileSync(join(tree, `${index}.${ending}`), `import openai\nfrom_pretrained ${parts.join("")}`);
    await expect(discoverPath(tree)).resolves.toBeDefined();
  }, 60_000);
});

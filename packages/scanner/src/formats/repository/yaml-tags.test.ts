import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../core/limits.js";
import { scanBytes } from "../../core/scan-bytes.js";
import { cpuTime } from "../../testing/cpu-time.js";
import { pythonTags } from "./yaml-tags.js";

/** Each was loaded by PyYAML 6 with UnsafeLoader and made the directory. */
const ACTING: readonly string[] = [
  "a: !!python/object/apply:os.mkdir [x]\n",
  "a: !<tag:yaml.org,2002:python/object/apply:os.mkdir> [x]\n",
  "%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.mkdir [x]\n",
  "%TAG ! tag:yaml.org,2002:python/\n---\na: !object/apply:os.mkdir [x]\n",
  "%TAG !! tag:yaml.org,2002:pyth\n---\na: !!on/object/apply:os.mkdir [x]\n",
  "%TAG !p! tag:yaml.org,2002:pyth%6fn/object/\n---\na: !p!apply:os.mkdir [x]\n",
  "a: !!pyth%6fn/object/apply:os.mkdir [x]\n",
  "a: !!pyth%6Fn/object/%61pply:os.mkdir [x]\n",
  "a: !<tag:yaml.org,2002:pyth%6fn/object/apply:os.mkdir> [x]\n",
  "%TAG !! tag:example.org,2020:\n---\na: 1\n---\na: !!python/object/apply:os.mkdir [x]\n",
];

const HARMLESS: readonly string[] = [
  "%TAG !p! tag:example.org,2020:python/\n---\na: !p!object/apply:os.mkdir [x]\n",
  "a: !tag:yaml.org,2002:python/object/apply:os.mkdir\n",
  "Resources: !Sub '$A-b'\nb: !Ref C\n",
  "a: !!python/tuple [1, 2]\nb: !<tag:yaml.org,2002:str> x\n",
  "a: !!python/object:models.Config {b: 1}\n",
  // As PyYAML 6 writes OrderedDict, PosixPath, numpy.float64, torch.device and a member of an enumeration.
  "od: !!python/object/apply:collections.OrderedDict\n- - - a\n    - 1\n",
  "data_dir: !!python/object/apply:pathlib.PosixPath\n- /\n- corpus\n",
  "x: !!python/object/apply:numpy._core.multiarray.scalar\n- &id001 !!python/object/apply:numpy.dtype\n  args:\n  - f8\n  - false\n  - true\n  state: !!python/tuple\n  - 3\n  - <\n  - null\n  - null\n  - null\n  - -1\n  - -1\n  - 0\n- !!binary |\n  AAAAAAAA8D8=\n",
  "d: !!python/object/apply:torch.device\n- cpu\n",
  "s: !!python/object/apply:my_project.config.Strategy\n- steps\nb: 1\n",
  "s: !!python/object/apply:my_project.config.Strategy [epoch]\n",
];

const CALLS: readonly string[] = [
  "a: !!python/object/apply:functools.partial [!!python/name:os.system , id]\n",
  "a: !!python/object/apply:builtins.getattr [!!python/module:os , system]\n",
  "a: !!python/object/apply:some_package.run [id]\n",
  "a: !!python/object/apply:some_package.Runner ['id; ls']\n",
  "a: !!python/object/apply:some_package.Runner\n- sh\n- -c\n",
  "a: !!python/object/new:type [x, !!python/tuple [], {extend: !!python/name:exec }]\n",
  "a: !!python/name:eval\n",
];

describe("tags of YAML that make Python objects", () => {
  for (const text of ACTING)
    it(`finds ${JSON.stringify(text)}`, () => {
      expect(scanBytes(Buffer.from(text), "m.yaml").verdict).toBe("malicious");
      expect(scanBytes(Buffer.from(text), "m.txt").verdict).toBe("malicious");
    });

  for (const text of CALLS)
    it(`does not take ${JSON.stringify(text)} for data`, () =>
      expect(scanBytes(Buffer.from(text), "m.yaml").verdict).toBe("malicious"));

  for (const text of HARMLESS)
    it(`leaves ${JSON.stringify(text)}`, () =>
      expect(scanBytes(Buffer.from(text), "m.yaml").verdict).toBe("clean"));

  it("takes no longer than the text is long", () => {
    const started = cpuTime();
    for (const piece of ["!", "!<", "!<a", "!a", "%TAG ! a\n", "!%", "%TAG !"]) {
      expect([...pythonTags(piece.repeat(200_000))]).toEqual([]);
    }
    expect(cpuTime() - started).toBeLessThan(3000);
  });
});

describe("text above the limit", () => {
  const limits = { ...DEFAULT_LIMITS, textBytes: 1000 };
  const comment = Buffer.from(`# ${"x".repeat(2000)}\n`);

  for (const name of ["m.yaml", "m.py", "chat_template.jinja", "a.pth", "requirements.txt"])
    it(`leaves ${name} incomplete`, () =>
      expect(scanBytes(comment, name, limits).verdict).toBe("incomplete"));

  it("leaves other text alone", () => expect(scanBytes(comment, "vocab.txt", limits).verdict).toBe("clean"));
});

describe("lines of a .pth file", () => {
  for (const end of ["\r", "\n", "\r\n", "\v", "\f"])
    it(`end at ${JSON.stringify(end)}`, () => {
      const text = `# x${end}import os; os.system("id")\n`;
      expect(scanBytes(Buffer.from(text), "a.pth").verdict).toBe("malicious");
    });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPolicies } from "./load.js";
import { STARTER_POLICIES } from "./schema.js";

const policy = (id: string, rest = "permit (principal, action, resource);"): string =>
  `@id("${id}")\n@reason("because")\n@remedy("countersign status")\n${rest}\n`;
const forbid = (when: string): string =>
  policy("a", `forbid (principal, action, resource)\nwhen { ${when} };`);

function refusal(files: string | Record<string, string>): CountersignError {
  try {
    loadPolicies(files);
  } catch (error) {
    if (error instanceof CountersignError) return error;
    throw error;
  }
  throw new Error("the policies were accepted");
}

describe("a policy that is refused, with file and line", () => {
  const cases: [title: string, text: string, message: RegExp][] = [
    [
      "unknown attribute",
      forbid("resource.scan.verdcit == 1"),
      /^a\.cedar:5: attribute `scan\.verdcit`.*`verdict`/,
    ],
    [
      "unknown context attribute",
      forbid("context.enviroment == ``".replace("``", '""')),
      /^a\.cedar:5: .*enviroment/,
    ],
    ["unknown verdict", forbid('resource.scan.verdict == Verdict::"malicous"'), /^a\.cedar:5: .*malicous/],
    [
      "unknown gate",
      policy("a", 'forbid (principal, action == Action::"lunch", resource);'),
      /^a\.cedar:4: .*lunch/,
    ],
    ["unknown tag access", forbid('resource.getTag("team") == "x"'), /^a\.cedar:5: .*hasTag/],
    ["a comparison of two types", forbid("resource.files == true"), /^a\.cedar:5: /],
    [
      "a forbid that can never apply",
      forbid("false"),
      /^a\.cedar:4: policy is impossible|^a\.cedar:1: policy is impossible/,
    ],
    ["malformed text", `${policy("a")}forbid (principal, action`, /^a\.cedar:5: .*end of input/],
    [
      "a line after multi-byte text",
      `// é é é é é é é é\n\n${forbid("resource.nope")}`,
      /^a\.cedar:7: .*nope/,
    ],
    ["no policy at all", "// all gone\n", /^a\.cedar: there is no policy/],
    ["no @id", policy("a").replace('@id("a")\n', ""), /^a\.cedar:1: the policy has no @id/],
    [
      "no @reason",
      `${policy("b")}${policy("a").replace('@reason("because")\n', "")}`,
      /^a\.cedar:5: .*no @reason/,
    ],
    ["no @remedy", policy("a").replace('@remedy("countersign status")\n', ""), /^a\.cedar:1: .*no @remedy/],
    ["an empty @reason", policy("a").replace("because", " "), /no @reason/],
    ["an @id that is no word", policy("A b"), /^a\.cedar:1: @id\("A b"\)/],
    ["an @id of the engine's own", policy("default-deny"), /engine's own/],
    ["an @id of the workspace's own", policy("trust-root-expired"), /engine's own/],
    [
      "a duplicate @id in one file",
      policy("a") + policy("a"),
      /^a\.cedar:5: @id\("a"\) is taken by a\.cedar:1/,
    ],
    [
      "an unknown placeholder",
      policy("a").replace("because", "see {weather}"),
      /unknown placeholder \{weather\}/,
    ],
    ["a stray brace", policy("a").replace("because", "see {name"), /unknown placeholder/],
    ["a placeholder in quotes", policy("a").replace("status", "status '{name}'"), /without quotes/],
    ["a template", policy("a", "permit (principal == ?principal, action, resource);"), /templates/],
    ["deep nesting", forbid(`${"(".repeat(2000)}true${")".repeat(2000)}`), /^a\.cedar: .*nested too deeply/],
  ];
  it.each(cases)("%s", (_, text, message) => {
    const error = refusal({ "a.cedar": text });
    expect(error.code).toBe("policy-invalid");
    expect(error.message).toMatch(message);
    expect(error.detail).toMatchObject({ file: "a.cedar" });
  });

  it("a duplicate @id in two files", () => {
    expect(refusal({ "a.cedar": policy("x"), "b.cedar": policy("x") }).message).toMatch(
      /^b\.cedar:1: .*a\.cedar:1/,
    );
  });

  it("and a policy of a file that is fine still loads after an engine trap", () => {
    refusal({ "a.cedar": forbid(`${"(".repeat(2000)}true${")".repeat(2000)}`) });
    expect(loadPolicies({ "a.cedar": policy("a") }).policies.size).toBe(1);
  });
});

describe("what is loaded", () => {
  it("knows where each policy stands, even the eleventh", () => {
    const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const set = loadPolicies({ "a.cedar": ids.map((id) => policy(id)).join("\n") });
    expect([...set.policies.values()].map(({ id, line }) => [id, line])).toEqual(
      ids.map((id, i) => [id, i * 5 + 1]),
    );
  });

  it("has a digest that covers names and texts, and nothing else", () => {
    const digest = loadPolicies({ "a.cedar": policy("a"), "b.cedar": policy("b") }).digest;
    expect(loadPolicies({ "b.cedar": policy("b"), "a.cedar": policy("a") }).digest).toBe(digest);
    expect(loadPolicies({ "a.cedar": policy("a"), "c.cedar": policy("b") }).digest).not.toBe(digest);
    expect(loadPolicies({ "a.cedar": policy("a"), "b.cedar": `${policy("b")} ` }).digest).not.toBe(digest);
    expect(loadPolicies({}).digest).not.toBe(digest);
  });
});

describe("a directory", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "policy-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("is read with its subdirectories and links to files, dot files left out", () => {
    mkdirSync(join(directory, "more"));
    mkdirSync(join(directory, "..data"));
    writeFileSync(join(directory, "a.cedar"), policy("a"));
    writeFileSync(join(directory, "more", "b.cedar"), policy("b"));
    writeFileSync(join(directory, "..data", "c.cedar"), policy("c"));
    writeFileSync(join(directory, "notes.txt"), "nothing");
    symlinkSync("..data/c.cedar", join(directory, "c.cedar"));
    const files = [...loadPolicies(directory).policies.values()].map(({ file }) => file);
    expect(files).toEqual(["a.cedar", "c.cedar", "more/b.cedar"]);
  });

  it("is refused when missing, or when something in it cannot be read", () => {
    expect(refusal(join(directory, "none")).code).toBe("policy-invalid");
    symlinkSync("nowhere", join(directory, "a.cedar"));
    expect(refusal(directory)).toMatchObject({ code: "policy-invalid", detail: { file: "a.cedar" } });
  });

  it("is refused when a link to a directory may hide policies", () => {
    mkdirSync(join(directory, "real"));
    symlinkSync("real", join(directory, "link"));
    expect(refusal(directory).message).toMatch(/^link: /);
  });

  it("is refused when a file is not UTF-8 or too large", () => {
    writeFileSync(join(directory, "a.cedar"), Buffer.from([0xff, 0xfe]));
    expect(refusal(directory).message).toMatch(/^a\.cedar: /);
    writeFileSync(join(directory, "a.cedar"), `// ${"x".repeat(1024 * 1024)}\n${policy("a")}`);
    expect(refusal(directory).message).toMatch(/1 MiB/);
  });

  it("of starter policies loads", () => {
    expect(loadPolicies(STARTER_POLICIES).policies.size).toBe(11);
  });
});

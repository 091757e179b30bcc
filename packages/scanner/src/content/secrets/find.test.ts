import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../../testing/cpu-time.js";
import { findSecrets } from "./find.js";

/** Secrets are put together here, so that no scanner of this repository takes them for real ones. */
const secret = (...parts: string[]): string => parts.join("");
const found = (text: string) =>
  findSecrets(text).map(({ type, start, end, strength }) => [type, strength, text.slice(start, end)]);

/** Revoked tokens that were published with their checksums, and keys made of the providers' own alphabets. */
const GITHUB = secret("ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17");
const AWS = secret("AK", "IAZ3MSJV4WWNKWW5FG");
const HUGGING_FACE = secret("hf", "_jCBaQngSHiHDRYOcsMcifUcysGyaiybUWz");

describe("findSecrets", () => {
  it.each([
    ["github-token", `token: ${GITHUB}`, GITHUB],
    ["aws-access-key-id", `aws_access_key_id=${AWS}\n`, AWS],
    ["huggingface-token", `login(token="${HUGGING_FACE}")`, HUGGING_FACE],
    ["huggingface-token", `{\\"token\\": \\"${HUGGING_FACE}\\"}`, HUGGING_FACE],
  ])("finds a %s in %s", (type, text, whole) => {
    expect(found(text)).toEqual([[type, "sure", whole]]);
  });

  it("doubts a token whose checksum is wrong", () => {
    expect(found(`x = '${GITHUB.slice(0, -1)}8'`)).toEqual([
      ["github-token", "likely", `${GITHUB.slice(0, -1)}8`],
    ]);
  });

  it("finds a private key, whole", () => {
    const key = secret(
      "-----BEGIN PRIV",
      "ATE KEY-----\n",
      `${"MIIEvQIBADANBgkqhkiG9w0B\n".repeat(9)}-----END PRIV`,
      "ATE KEY-----",
    );
    expect(found(`key = """${key}"""`)).toEqual([["private-key", "sure", key]]);
  });

  it("finds the password of a database on another machine", () => {
    const url = secret("postgres", "ql://ml:q7Vx2pLmZ0aa@db.internal.corp:5432/models");
    expect(found(`DATABASE_URL=${url}`)).toEqual([
      ["database-url", "sure", url.slice(0, url.lastIndexOf(":"))],
    ]);
    expect(findSecrets("postgresql://user:password@localhost:5432/db")).toMatchObject([
      { strength: "likely" },
    ]);
  });

  it.each([
    "AKIAIOSFODNN7EXAMPLE",
    "export HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "OPENAI_API_KEY=sk-...",
    "OPENAI_API_KEY=<your key>",
    ["token = $", "{{ secrets.GITHUB_TOKEN }}"].join(""),
    '"pad_token": "<|endoftext|>", "eos_token": "</s>", "bos_token": "<s>", "unk_token": "[UNK]"',
    '"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 1000000000000000019884624838656',
    '"_commit_hash": "5f0b02c75b57c5855da9ae460ce51323ea669d8a"',
    "-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "- (id)hf_requiredCharacteristicTypesForDisplayMetadata;",
  ])("keeps quiet about %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("answers in order and without overlaps, for any text", () => {
    const pieces = fc.constantFrom(
      GITHUB,
      AWS,
      HUGGING_FACE,
      "password = ",
      "'",
      "\n",
      " ",
      "token:",
      "curl -u a:",
      "eyJ",
      ".ey",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        const text = parts.join("");
        let last = 0;
        for (const { start, end } of findSecrets(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = end;
        }
      }),
    );
  });

  it("finds what surrounds it wherever it stands in bytes", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = `${before}\0${HUGGING_FACE}\0${after}`;
        expect(found(text)).toContainEqual(["huggingface-token", "sure", HUGGING_FACE]);
      }),
    );
  });

  it.each([
    "ey".repeat(500_000),
    ".ey".repeat(300_000),
    "-----BEGIN PRIVATE KEY-----".repeat(40_000),
    "curl -u ".repeat(120_000),
    "://a:".repeat(200_000),
    "password = '".repeat(80_000),
  ])("takes no longer for text made against it (%#)", (text) => {
    const start = cpuTime();
    findSecrets(text);
    expect(cpuTime() - start).toBeLessThan(10_000);
  });
});

const labelled = fileURLToPath(
  new URL("../../../../../../shared/data/guardrails/secrets.jsonl.gz", import.meta.url),
);
const present = existsSync(labelled);
if (!present) console.warn("skipped: the labelled set of secrets is not here");

interface Row {
  text: string;
  label: "secret" | "benign";
  source: string;
}

describe.skipIf(!present)("the labelled set of secrets", () => {
  const rows = present
    ? gunzipSync(readFileSync(labelled))
        .toString()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Row)
    : [];
  const share = (label: Row["label"], hit: (text: string) => boolean) => {
    const of = rows.filter((row) => row.label === label);
    return of.filter(({ text }) => hit(text)).length / of.length;
  };
  it("is found", () => {
    expect(share("secret", (text) => findSecrets(text).length > 0)).toBeGreaterThan(0.96);
  });
  it("has few negatives that are taken for secrets", () => {
    expect(share("benign", (text) => findSecrets(text).length > 0)).toBeLessThan(0.07);
    expect(
      share("benign", (text) => findSecrets(text).some(({ strength }) => strength === "sure")),
    ).toBeLessThan(0.01);
  });
});

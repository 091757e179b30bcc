import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildManifest } from "../build.js";
import { openHashCache } from "../cache.js";
import { PAYLOAD_TYPE, pae } from "../dsse.js";
import { CountersignError } from "../errors.js";
import { canonicalJson } from "../json.js";
import { generateKey } from "../keys.js";
import { keySigner } from "../signer.js";
import type { Statement } from "../statement.js";
import { parseOmsBundle, writeOmsBundle } from "./bundle.js";
import { keyHint, type SignModelOptions, signModel } from "./sign.js";
import { checkOmsStatement, type OmsPredicate, omsStatementMatches } from "./statement.js";
import { type OmsTrust, type VerifyModelOptions, verifyModel, verifyOmsBundle } from "./verify.js";

let model = "";
beforeEach(() => {
  model = join(fs.mkdtempSync(join(tmpdir(), "oms-test-")), "model");
  write({ "config.json": "{}", "weights/a.bin": "aaaaaaaaaa", "weights/b.bin": "bbbbbbbbbbbbb", empty: "" });
});
afterEach(() => fs.rmSync(join(model, ".."), { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(join(model, name, ".."), { recursive: true });
    fs.writeFileSync(join(model, name), content);
  }
}

const signer = keySigner(generateKey("ecdsa-p256").privatePem);
const trust: OmsTrust = { method: "key", publicKey: signer.publicKey };
const sign = (options: Partial<SignModelOptions> = {}) => signModel(model, { signer, ...options });
const check = (bundle: Uint8Array, options: Partial<VerifyModelOptions> = {}) =>
  verifyModel(model, bundle, { trust, ...options });

describe("signModel and verifyModel with a key", () => {
  it.each(["ecdsa-p256", "ecdsa-p384", "ecdsa-p521"] as const)("go together for %s", async (algorithm) => {
    const other = keySigner(generateKey(algorithm).privatePem);
    const { bundle, digest, manifest, statement } = await sign({ signer: other });
    const result = await check(bundle, { trust: { method: "key", publicKey: other.publicKey } });
    expect(result).toMatchObject({
      ok: true,
      digest,
      signer: { method: "key", keyId: other.publicKey.keyId },
    });
    expect(result).toMatchObject({
      files: ["config.json", "empty", "weights/a.bin", "weights/b.bin"],
      unsigned: [],
    });
    expect(manifest).toEqual((await buildManifest(model)).manifest);
    expect(omsStatementMatches(statement, manifest ?? { files: [] })).toBe(true);
  });

  it("refuse Ed25519, which the format does not know", async () => {
    const other = keySigner(generateKey("ed25519").privatePem);
    await expect(sign({ signer: other })).rejects.toMatchObject({ code: "key-unsupported" });
  });

  it("name the model and its root digest", async () => {
    const { statement } = await sign();
    expect(statement.subject).toEqual([
      { name: "model", digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    expect(statement.predicate.serialization).toEqual({
      method: "files",
      hash_type: "sha256",
      allow_symlinks: false,
      ignore_paths: [".git", ".gitattributes", ".github", ".gitignore"],
    });
  });

  it.each([
    ["changed", () => write({ "config.json": "{ }" }), "config.json is not what was signed"],
    ["deleted", () => fs.rmSync(join(model, "weights/a.bin")), "weights/a.bin was signed and is not there"],
    ["added", () => write({ "weights/c.bin": "" }), "weights/c.bin is there and was not signed"],
    [
      "renamed",
      () => fs.renameSync(join(model, "empty"), join(model, "Empty")),
      "empty was signed and is not there",
    ],
  ])("refuse a model where a file was %s", async (_, change, reason) => {
    const { bundle } = await sign();
    change();
    expect(await check(bundle)).toMatchObject({ ok: false, code: "model-mismatch", reason });
  });

  it("accept unsigned files only where that is wanted, and missing ones never", async () => {
    const { bundle } = await sign();
    write({ "new.txt": "n" });
    expect(await check(bundle, { ignoreUnsigned: true })).toMatchObject({ ok: true, unsigned: ["new.txt"] });
    fs.rmSync(join(model, "empty"));
    expect(await check(bundle, { ignoreUnsigned: true })).toMatchObject({
      ok: false,
      code: "model-mismatch",
    });
  });

  it("refuse another key, and a signature of another model", async () => {
    const { bundle } = await sign();
    const other = keySigner(generateKey("ecdsa-p256").privatePem);
    const wrong: OmsTrust = { method: "key", publicKey: other.publicKey };
    expect(await check(bundle, { trust: wrong })).toMatchObject({ ok: false, code: "key-unknown" });

    write({ "config.json": '{"more":1}' });
    const second = await sign();
    const swapped = JSON.parse(Buffer.from(bundle).toString());
    swapped.dsseEnvelope.signatures = JSON.parse(
      Buffer.from(second.bundle).toString(),
    ).dsseEnvelope.signatures;
    const result = await check(Buffer.from(JSON.stringify(swapped)));
    expect(result).toMatchObject({ ok: false, code: "signature-invalid" });
  });

  it("refuse a bundle of another method", async () => {
    const { bundle } = await sign();
    for (const other of [
      { method: "certificate", anchors: "", clock: Date.now },
      { method: "sigstore", identity: "a", issuer: "b" },
    ] as const) {
      expect(await check(bundle, { trust: other })).toMatchObject({ ok: false, code: "bundle-unsupported" });
    }
  });

  it("leave the bundle out where it lies inside the model", async () => {
    const bundlePath = join(model, "model.sig");
    const { bundle, statement } = await sign({ bundlePath });
    fs.writeFileSync(bundlePath, bundle);
    expect(statement.predicate.serialization.ignore_paths).toContain("model.sig");
    expect(await check(bundle, { bundlePath })).toMatchObject({ ok: true });
    expect(await check(bundle)).toMatchObject({ ok: true });
  });

  it.each(["*.bin", "/etc", "../x", "a//b", "", "a[1]"])("refuse to ignore %j", async (path) => {
    await expect(sign({ ignore: [path] })).rejects.toMatchObject({ code: "usage" });
  });

  it("sign again from a cache", async () => {
    const cache = await openHashCache(join(model, "../cache"), () => Date.now() + 10_000);
    const first = await sign({ cache });
    expect((await sign({ cache })).statement).toEqual(first.statement);
    write({ "config.json": "changed" });
    const second = await sign({ cache });
    expect(second.statement).toEqual((await sign()).statement);
    expect(second.statement).not.toEqual(first.statement);
  });
});

describe("shards and other hashes", () => {
  it.each<[string, Partial<SignModelOptions>]>([
    ["shards", { shardSize: 4 }],
    ["shards as large as a file", { shardSize: 10 }],
    ["blake2b", { hash: "blake2b" }],
    ["blake2b in shards", { hash: "blake2b", shardSize: 5 }],
  ])("verify: %s", async (_, options) => {
    const { bundle, statement } = await sign(options);
    expect(await check(bundle)).toMatchObject({ ok: true });
    const [first] = statement.predicate.resources;
    expect(first?.digest).toHaveLength("hash" in options ? 128 : 64);
    write({ "weights/b.bin": "bbbbbbbbbbbbB" });
    expect(await check(bundle)).toMatchObject({ ok: false, code: "model-mismatch" });
  });

  it("name byte ranges, also in files with colons, and leave empty files out", async () => {
    write({ "a:0:4": "12345" });
    const { bundle, statement } = await sign({ shardSize: 4 });
    const named = statement.predicate.resources.map(({ name }) => name);
    expect(named).toEqual(expect.arrayContaining(["a:0:4:0:4", "a:0:4:4:5", "weights/a.bin:8:10"]));
    expect(named.some((name) => name.startsWith("empty"))).toBe(false);
    expect(await check(bundle)).toMatchObject({ ok: true });
  });

  it("notice a file that grew or shrank", async () => {
    const { bundle } = await sign({ shardSize: 4 });
    write({ "weights/a.bin": "aaaaaaaaaaa" });
    expect(await check(bundle)).toMatchObject({ ok: false, code: "model-mismatch" });
    write({ "weights/a.bin": "aaaaaaaa" });
    expect(await check(bundle, { ignoreUnsigned: true })).toMatchObject({
      ok: false,
      code: "model-mismatch",
    });
  });

  it("refuse a shard size that would make too many", async () => {
    fs.truncateSync(join(model, "empty"), 10_000_000);
    await expect(sign({ shardSize: 1 })).rejects.toMatchObject({ code: "too-complex" });
    await expect(sign({ shardSize: 0.5 })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("what was signed wrongly", () => {
  type Predicate = OmsPredicate & { serialization: { [name: string]: unknown } };
  async function resigned(edit: (statement: Statement<Predicate>) => void): Promise<Uint8Array> {
    const { statement } = await sign();
    const copy = structuredClone(statement) as Statement<Predicate>;
    edit(copy);
    const payload = canonicalJson(copy);
    const signature = await signer.sign(pae(PAYLOAD_TYPE, payload), "test");
    return writeOmsBundle(payload, signature, { hint: keyHint(signer.publicKey.pem) });
  }

  it("is accepted where nothing was edited", async () => {
    expect(await check(await resigned(() => {}))).toMatchObject({ ok: true });
  });

  it.each<[string, (statement: Statement<Predicate>) => void, string]>([
    [
      "another predicate type",
      (s) => Object.assign(s, { predicateType: "https://example.com" }),
      "predicate-unexpected",
    ],
    ["no serialization", (s) => Reflect.deleteProperty(s.predicate, "serialization"), "statement-malformed"],
    ["no resources", (s) => s.predicate.resources.splice(0), "statement-malformed"],
    [
      "a doubled resource",
      (s) => s.predicate.resources.push(...s.predicate.resources),
      "statement-malformed",
    ],
    [
      "a root digest of something else",
      (s) => Object.assign(s.subject[0]?.digest ?? {}, { sha256: "00" }),
      "statement-malformed",
    ],
    ["two subjects", (s) => s.subject.push(...s.subject), "statement-malformed"],
    ["no subject name", (s) => Reflect.deleteProperty(s.subject[0] ?? {}, "name"), "statement-malformed"],
    [
      "a path that leads out",
      (s) => Object.assign(s.predicate.resources[0] ?? {}, { name: "../x" }),
      "statement-malformed",
    ],
    [
      "an absolute path",
      (s) => Object.assign(s.predicate.resources[0] ?? {}, { name: "/x" }),
      "statement-malformed",
    ],
    [
      "a mixed algorithm",
      (s) => Object.assign(s.predicate.resources[0] ?? {}, { algorithm: "blake2b" }),
      "statement-malformed",
    ],
    [
      "an unknown hash",
      (s) => Object.assign(s.predicate.serialization, { hash_type: "md5" }),
      "bundle-unsupported",
    ],
    [
      "a prototype's member for a hash",
      (s) => Object.assign(s.predicate.serialization, { hash_type: "toString" }),
      "bundle-unsupported",
    ],
    [
      "shards without a size",
      (s) => Object.assign(s.predicate.serialization, { method: "shards" }),
      "statement-malformed",
    ],
    [
      "files with a shard size",
      (s) => Object.assign(s.predicate.serialization, { shard_size: 1 }),
      "statement-malformed",
    ],
  ])("is refused: %s", async (_, edit, code) => {
    expect(await check(await resigned(edit))).toMatchObject({ ok: false, code });
  });

  it("is told apart from a manifest of other files", async () => {
    const { statement } = await sign();
    const { manifest } = await buildManifest(model);
    const [first, ...rest] = manifest.files;
    expect(omsStatementMatches(statement, { files: rest })).toBe(false);
    expect(omsStatementMatches(statement, { files: [...manifest.files, { ...first!, name: "z" }] })).toBe(
      false,
    );
    expect(omsStatementMatches({ ...statement, predicateType: "x" }, manifest)).toBe(false);
    expect(checkOmsStatement(statement)).toEqual(statement);
  });
});

describe("any bytes for a bundle", () => {
  it("give a refusal with a code", async () => {
    const { bundle } = await sign();
    const text = Buffer.from(bundle).toString();
    const inputs = [
      "",
      "{}",
      "[]",
      "null",
      '{"garbage":true}',
      text.slice(0, 100),
      `${text}x`,
      text.replace("v0.3", "v9.9"),
    ];
    for (const input of inputs) {
      const result = await verifyOmsBundle(Buffer.from(input), trust);
      expect(result).toMatchObject({ ok: false, code: expect.stringMatching(/^bundle-/) });
    }
  });

  it("never throw anything but our own error when parsed", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(() => parseOmsBundle(bytes)).toThrow(CountersignError);
        },
      ),
    );
  });

  it("refuse every bit flip, or yield the identical claims", async () => {
    fs.rmSync(join(model, "weights"), { recursive: true });
    const { bundle } = await sign();
    const claims = await verifyOmsBundle(bundle, trust);
    let accepted = 0;
    for (let bit = 0; bit < bundle.length * 8; bit++) {
      const flipped = Buffer.from(bundle);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const result = await verifyOmsBundle(flipped, trust);
      if (!result.ok) continue;
      accepted++;
      expect({ ...result, digest: "" }).toEqual({ ...claims, digest: "" });
    }
    // What stays open is not signed: keyid, tlogEntries, white space.
    expect(accepted).toBeLessThan(bundle.length);
  });
});

import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeBase64 } from "./base64.js";
import { sha256 } from "./digest.js";
import { describeKey, generateKey, type KeyAlgorithm, parsePublicKey, verifySignature } from "./keys.js";
import { auditedSigner, type KeyUse, keySigner } from "./signer.js";

const ALGORITHMS: KeyAlgorithm[] = ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "ed25519"];
const MESSAGE = Buffer.from("message");

describe.each(ALGORITHMS)("%s", (algorithm) => {
  it("signs and verifies, with and without a passphrase", async () => {
    for (const passphrase of [undefined, "correct horse"]) {
      const { privatePem, publicPem } = generateKey(algorithm, passphrase);
      const signer = keySigner(privatePem, passphrase);
      const signature = await signer.sign(MESSAGE, "test");
      expect(signer.publicKey).toEqual(parsePublicKey(publicPem));
      expect(signer.publicKey.algorithm).toBe(algorithm);
      expect(verifySignature(signer.publicKey, MESSAGE, signature)).toBe(true);
      expect(verifySignature(signer.publicKey, Buffer.from("massage"), signature)).toBe(false);
      expect(verifySignature(signer.publicKey, MESSAGE, signature.subarray(1))).toBe(false);
      expect(verifySignature(signer.publicKey, MESSAGE, new Uint8Array())).toBe(false);
    }
  });

  it("names itself by the SHA-256 of its SPKI", () => {
    const key = parsePublicKey(generateKey(algorithm).publicPem);
    const der = decodeBase64(key.pem.replace(/-----[^-]+-----|\s/g, "")) ?? new Uint8Array();
    expect(key.keyId).toBe(sha256(der));
    expect(key.pem.endsWith("-----\n")).toBe(true);
  });

  it("asks for the passphrase, and tells a wrong one from a broken key", () => {
    const { privatePem } = generateKey(algorithm, "right");
    expect(() => keySigner(privatePem)).toThrow(expect.objectContaining({ code: "key-passphrase-needed" }));
    expect(() => keySigner(privatePem, "wrong")).toThrow(
      expect.objectContaining({ code: "key-passphrase-wrong" }),
    );
    expect(() => keySigner(privatePem.slice(0, 60), "right")).toThrow(
      expect.objectContaining({ code: "key-passphrase-wrong" }),
    );
  });
});

describe("keys that are refused", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const koblitz = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const pem = { type: "spki", format: "pem" } as const;

  it.each([
    ["RSA", rsa.publicKey.export(pem).toString()],
    ["secp256k1", koblitz.publicKey.export(pem).toString()],
    ["X25519", generateKeyPairSync("x25519").publicKey.export(pem).toString()],
    ["Ed448", generateKeyPairSync("ed448").publicKey.export(pem).toString()],
  ])("refuses %s", (_, text) => {
    expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ code: "key-unsupported" }));
  });

  const { privatePem, publicPem } = generateKey();
  it.each([
    ["nothing", ""],
    ["garbage", "garbage"],
    ["a private key", privatePem],
    ["a private key and its public key", privatePem + publicPem],
    ["two keys", publicPem + publicPem],
    ["a truncated key", publicPem.slice(0, 80)],
    ["a key with broken bytes", publicPem.replace(/[A-Z]{4}/, "AAAA")],
  ])("refuses %s as a public key", (_, text) => {
    expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ code: "key-malformed" }));
  });

  it("refuses garbage as a private key, without quoting it", () => {
    expect(() => keySigner("hunter2")).toThrow(expect.objectContaining({ code: "key-malformed" }));
    expect(() => keySigner("hunter2")).not.toThrow("hunter2");
  });
});

it("gives a key with a compressed point the same id", () => {
  const { privatePem, publicPem } = generateKey("ecdsa-p256");
  const jwk = createPublicKey(createPrivateKey(privatePem)).export({ format: "jwk" });
  const x = Buffer.from(jwk.x ?? "", "base64url");
  const odd = (Buffer.from(jwk.y ?? "", "base64url").at(-1) ?? 0) & 1;
  const head = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");
  const der = Buffer.concat([head, Buffer.from([2 + odd]), x]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  expect(describeKey(key)).toEqual(parsePublicKey(publicPem));
});

it("reads a key with words around it", () => {
  const { publicPem } = generateKey();
  expect(parsePublicKey(`Public Key Info:\n\tAlgorithm: EC\n\n${publicPem}\n`)).toEqual(
    parsePublicKey(publicPem),
  );
});

describe("auditedSigner", () => {
  const signer = keySigner(generateKey("ed25519").privatePem);

  it("records each use before it signs", async () => {
    const uses: KeyUse[] = [];
    await auditedSigner(signer, (use) => void uses.push(use)).sign(MESSAGE, "checkpoint");
    expect(uses).toEqual([
      { keyId: signer.publicKey.keyId, purpose: "checkpoint", payload: sha256(MESSAGE) },
    ]);
  });

  it("does not sign what it cannot record", async () => {
    let signed = false;
    const sign = async () => {
      signed = true;
      return MESSAGE;
    };
    const watched = { ...signer, sign };
    const audited = auditedSigner(watched, () => Promise.reject(new Error("the disk is full")));
    await expect(audited.sign(MESSAGE, "checkpoint")).rejects.toThrow("the disk is full");
    expect(signed).toBe(false);
  });
});

// Under a collector that runs all the time, exporting a key right after its generation once waited for ever.
it("makes keys under garbage collection", { timeout: 30_000 }, () => {
  const module = new URL("./keys.ts", import.meta.url).href;
  const code = `import { generateKey } from ${JSON.stringify(module)};
    for (const end = Date.now() + 2500; Date.now() < end; ) generateKey("ed25519");`;
  const flags = ["--max-semi-space-size=1", "--conditions", "source", "--import", "tsx"];
  const made = spawnSync(process.execPath, [...flags, "--input-type=module", "--eval", code], {
    timeout: 20_000,
    encoding: "utf8",
  });
  expect(made).toMatchObject({ status: 0, stderr: "" });
});

it("uses private keys in one file alone", () => {
  const here = new URL(".", import.meta.url);
  const files = readdirSync(here, { recursive: true }).map(String);
  const sources = files.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const users = sources.filter((name) => {
    const text = readFileSync(new URL(name, here), "utf8");
    return /import \{[^}]*\b(sign|createSign|createPrivateKey)\b[^}]*\} from "node:crypto"/.test(text);
  });
  expect(users).toEqual(["signer.ts"]);
});

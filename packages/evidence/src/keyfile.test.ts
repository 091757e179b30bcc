import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadKeyFile, rotateKeyFile, writeKeyFile } from "./keyfile.js";
import { generateKey, parsePublicKey } from "./keys.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keyfile-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, "keys", "signing.pem");

describe("key files", () => {
  it("are for their owner alone, and never overwritten", () => {
    const { privatePem } = generateKey();
    writeKeyFile(path(), privatePem);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(() => writeKeyFile(path(), privatePem)).toThrow(expect.objectContaining({ code: "key-exists" }));
  });

  it("are whole or not there, and nothing stays beside them", () => {
    const { privatePem } = generateKey();
    writeKeyFile(path(), privatePem);
    expect(readdirSync(join(folder, "keys"))).toEqual(["signing.pem"]);
    for (const wrong of [join(path(), "inside"), join(folder, "x".repeat(250))]) {
      expect(() => writeKeyFile(wrong, privatePem)).toThrow(
        expect.objectContaining({ code: "file-unreadable" }),
      );
    }
    expect(readdirSync(folder)).toEqual(["keys"]);
  });

  it("warn where they are not encrypted, or open to others", () => {
    const { privatePem, publicPem } = generateKey();
    writeKeyFile(path(), privatePem);
    const warnings: string[] = [];
    const load = () => loadKeyFile(path(), { warn: (message) => void warnings.push(message) });
    expect(load().publicKey).toEqual(parsePublicKey(publicPem));
    expect(warnings).toEqual([expect.stringContaining("is not encrypted")]);
    chmodSync(path(), 0o644);
    load();
    expect(warnings).toContainEqual(expect.stringContaining("chmod 600"));
  });

  it("ask for a passphrase only where one is needed", () => {
    writeKeyFile(path(), generateKey("ed25519", "secret").privatePem);
    let asked = 0;
    const passphrase = () => {
      asked++;
      return "secret";
    };
    const warnings: string[] = [];
    loadKeyFile(path(), { passphrase, warn: (message) => void warnings.push(message) });
    expect(asked).toBe(1);
    expect(warnings).toEqual([]);
    expect(() => loadKeyFile(path())).toThrow(expect.objectContaining({ code: "key-passphrase-needed" }));
    writeKeyFile(join(folder, "open.pem"), generateKey().privatePem);
    loadKeyFile(join(folder, "open.pem"), { passphrase });
    expect(asked).toBe(1);
  });

  it("are refused where they are missing, a directory, or huge", () => {
    expect(() => loadKeyFile(path())).toThrow(expect.objectContaining({ code: "path-not-found" }));
    mkdirSync(path(), { recursive: true });
    expect(() => loadKeyFile(path())).toThrow(expect.objectContaining({ code: "key-malformed" }));
    writeFileSync(join(folder, "huge"), Buffer.alloc(100_000));
    expect(() => loadKeyFile(join(folder, "huge"))).toThrow(
      expect.objectContaining({ code: "key-malformed" }),
    );
  });
});

describe("rotation", () => {
  it("puts a new key in place and keeps the old one", () => {
    const first = generateKey();
    writeKeyFile(path(), first.privatePem);
    const { previous, current, retired } = rotateKeyFile(path(), { newPassphrase: "next" });
    expect(previous).toEqual(parsePublicKey(first.publicPem));
    expect(current.keyId).not.toBe(previous.keyId);
    expect(loadKeyFile(path(), { passphrase: "next" }).publicKey).toEqual(current);
    expect(readFileSync(retired, "utf8")).toBe(first.privatePem);
    expect(readdirSync(join(folder, "keys"))).toHaveLength(2);
  });

  it("survives a rotation that was cut off", () => {
    writeKeyFile(path(), generateKey().privatePem);
    writeFileSync(`${path()}.next`, "half");
    expect(rotateKeyFile(path()).current).toEqual(loadKeyFile(path()).publicKey);
  });
});

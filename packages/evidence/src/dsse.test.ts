import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  pae,
  signPayload,
  signStatement,
  verifyEnvelope,
} from "./dsse.js";
import { CountersignError } from "./errors.js";
import { generateKey } from "./keys.js";
import { keySigner } from "./signer.js";
import { makeStatement } from "./statement.js";

const alice = keySigner(generateKey("ed25519").privatePem);
const bob = keySigner(generateKey("ecdsa-p256").privatePem);
const statement = makeStatement([{ name: "m", digest: { sha256: "ab" } }], "https://example.com/p/v1", {
  clean: true,
});

describe("an envelope", () => {
  it("has the pre-authentication encoding of the DSSE protocol's own example", () => {
    const bytes = pae("http://example.com/HelloWorld", Buffer.from("hello world"));
    expect(Buffer.from(bytes).toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  });

  it("comes back as it was, and says who signed it", async () => {
    const envelope = await signStatement(statement, alice);
    const bytes = encodeEnvelope(envelope);
    expect(decodeEnvelope(bytes)).toEqual(envelope);
    expect(verifyEnvelope(envelope, [bob.publicKey, alice.publicKey])).toEqual({
      ok: true,
      statement,
      keyId: alice.publicKey.keyId,
      keyIds: [alice.publicKey.keyId],
    });
  });

  it("is found by its key where keyid is missing or lies", async () => {
    const { signatures, ...rest } = await signStatement(statement, alice);
    for (const keyid of [undefined, "", "nonsense", bob.publicKey.keyId]) {
      const signature = { sig: signatures[0]?.sig ?? "", ...(keyid === undefined ? {} : { keyid }) };
      const result = verifyEnvelope({ ...rest, signatures: [signature] }, [bob.publicKey, alice.publicKey]);
      expect(result).toMatchObject({ ok: true, keyId: alice.publicKey.keyId });
    }
  });

  it("lists all of its signers", async () => {
    const [first, second] = [await signStatement(statement, alice), await signStatement(statement, bob)];
    const both = { ...first, signatures: [...first.signatures, ...second.signatures] };
    const result = verifyEnvelope(both, [alice.publicKey, bob.publicKey]);
    expect(result).toMatchObject({ ok: true, keyIds: [alice.publicKey.keyId, bob.publicKey.keyId] });
  });

  it("is refused with another key, or with a signature from another envelope", async () => {
    const envelope = await signStatement(statement, alice);
    expect(verifyEnvelope(envelope, [bob.publicKey])).toMatchObject({ ok: false, code: "key-unknown" });
    expect(verifyEnvelope(envelope, [])).toMatchObject({ ok: false, code: "key-unknown" });
    const other = await signStatement({ ...statement, predicate: { clean: false } }, alice);
    const swapped = { ...envelope, signatures: other.signatures };
    expect(verifyEnvelope(swapped, [alice.publicKey])).toMatchObject({
      ok: false,
      code: "signature-invalid",
    });
  });

  it("is refused with another payload type, or a payload that is no statement", async () => {
    const envelope = await signStatement(statement, alice);
    const typed = { ...envelope, payloadType: "text/plain" };
    expect(verifyEnvelope(typed, [alice.publicKey])).toMatchObject({
      ok: false,
      code: "payload-type-unexpected",
    });
    for (const payload of [
      "",
      "[]",
      "{}",
      '{"_type":"https://in-toto.io/Statement/v0.1"}',
      '{"a":1,"a":2}',
    ]) {
      const signed = await signPayload(Buffer.from(payload), alice, "test");
      expect(verifyEnvelope(signed, [alice.publicKey])).toMatchObject({
        ok: false,
        code: "statement-malformed",
      });
    }
  });

  it("cannot be made of what is no statement", async () => {
    const broken = { ...statement, subject: [] };
    await expect(signStatement(broken, alice)).rejects.toMatchObject({ code: "statement-malformed" });
  });
});

describe("decodeEnvelope", () => {
  const good: Envelope = { payloadType: "t", payload: "AA==", signatures: [{ sig: "AA==" }] };
  it.each([
    ["nothing", ""],
    ["a list", "[]"],
    ["no signature", JSON.stringify({ ...good, signatures: [] })],
    ["an empty signature", JSON.stringify({ ...good, signatures: [{ sig: "" }] })],
    ["a payload that is not base64", JSON.stringify({ ...good, payload: "!" })],
    ["a number for a keyid", JSON.stringify({ ...good, signatures: [{ sig: "AA==", keyid: 1 }] })],
    ["a missing payload type", JSON.stringify({ ...good, payloadType: undefined })],
    ["a doubled member", '{"payload":"","payload":"","payloadType":"t","signatures":[{"sig":"AA=="}]}'],
    ["too many signatures", JSON.stringify({ ...good, signatures: Array(17).fill({ sig: "AA==" }) })],
  ])("refuses %s", (_, text) => {
    expect(() => decodeEnvelope(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: "envelope-malformed" }),
    );
  });

  it("never throws anything but its own error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          try {
            decodeEnvelope(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(CountersignError);
          }
        },
      ),
    );
  });
});

it("refuses every bit flip, or yields the identical claims", async () => {
  const keys = [alice.publicKey, bob.publicKey];
  for (const signer of [alice, bob]) {
    const bytes = encodeEnvelope(await signStatement(statement, signer));
    const claims = verifyEnvelope(decodeEnvelope(bytes), keys);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const result = tryVerify(flipped);
      if (result.ok) expect(result).toEqual(claims);
    }
  }

  function tryVerify(flipped: Uint8Array): ReturnType<typeof verifyEnvelope> {
    try {
      return verifyEnvelope(decodeEnvelope(flipped), keys);
    } catch (error) {
      expect(error).toMatchObject({ code: "envelope-malformed" });
      return { ok: false, code: "envelope-malformed", reason: "" };
    }
  }
});

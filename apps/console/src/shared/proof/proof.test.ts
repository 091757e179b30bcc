import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { generateKey, keySigner, makeStatement, signStatement } from "@countersign/evidence";
import { beforeAll, describe, expect, it } from "vitest";
import { extendsSeen, openCheckpoint } from "./checkpoint.js";
import { envelopeIn, keyIdOf, statementIn, verifyEnvelope } from "./envelope.js";
import { climb } from "./inclusion.js";

const sha = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (value: object): Buffer => sha(Buffer.of(0), Buffer.from(JSON.stringify(value)));
const node = (left: Buffer, right: Buffer): Buffer => sha(Buffer.of(1), left, right);
const text = (bytes: Buffer): string => bytes.toString("base64");

const leaves = [0, 1, 2].map((at) => ({ at, predicate: "scan" }));
const [first, second, third] = leaves.map(leafHash) as [Buffer, Buffer, Buffer];
const two = node(first, second);
const three = node(two, third);

describe("the climb from a leaf to the root", () => {
  it("keeps every level for the picture", async () => {
    const way = await climb(leaves[0], 0, 3, [text(second), text(third)], text(three));
    expect(way.proven).toBe(true);
    expect(way.levels.map(({ side }) => side)).toEqual(["right", "right"]);
    expect(way.root).toBe(text(three));
    const last = await climb(leaves[2], 2, 3, [text(two)], text(three));
    expect(last.levels).toEqual([{ node: text(third), sibling: text(two), side: "left" }]);
  });

  it("ends elsewhere when one field differs, the index does, or a hash is missing", async () => {
    const proof = [text(second), text(third)];
    expect((await climb({ ...leaves[0], predicate: "approval" }, 0, 3, proof, text(three))).proven).toBe(
      false,
    );
    expect((await climb(leaves[0], 1, 3, proof, text(three))).proven).toBe(false);
    expect((await climb(leaves[0], 0, 3, proof.slice(1), text(three))).proven).toBe(false);
    expect((await climb(leaves[0], 3, 3, proof, text(three))).proven).toBe(false);
  });
});

describe("what this browser saw before", () => {
  const seen = (size: number, root: Buffer) => ({ size, root: text(root), at: 0, origin: "log" });
  const none = async () => ({ hashes: [] as string[] });

  it("is extended by a longer log that begins with it", async () => {
    const proof = async () => ({ hashes: [text(third)] });
    expect((await extendsSeen(seen(2, two), seen(3, three), proof)).ok).toBe(true);
    expect((await extendsSeen(seen(3, three), seen(3, three), none)).ok).toBe(true);
  });

  it("is not extended by a shorter, another or an unproven log", async () => {
    expect(await extendsSeen(seen(3, three), seen(2, two), none)).toMatchObject({ alarm: "rolled-back" });
    expect(await extendsSeen(seen(3, three), seen(3, two), none)).toMatchObject({ alarm: "rewritten" });
    expect(
      await extendsSeen(seen(2, third), seen(3, three), async () => ({ hashes: [text(third)] })),
    ).toMatchObject({
      alarm: "rewritten",
    });
    expect(await extendsSeen(seen(2, two), seen(3, three), none)).toMatchObject({ alarm: "rewritten" });
  });
});

describe("a signed tree head", () => {
  const keys = generateKeyPairSync("ed25519");
  const raw = keys.publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const typed = Buffer.concat([Buffer.of(1), raw]);
  const id = createHash("sha256").update("example.org/log\n").update(typed).digest().subarray(0, 4);
  const vkey = `example.org/log+${id.toString("hex")}+${typed.toString("base64")}`;
  const body = `example.org/log\n3\n${text(three)}\n`;
  const note = (signed: string) =>
    `${body}\n— example.org/log ${Buffer.concat([id, sign(null, Buffer.from(signed), keys.privateKey)]).toString("base64")}\n`;

  it("opens with the pinned key", async () => {
    expect(await openCheckpoint(note(body), vkey, 7)).toEqual({
      ok: true,
      checkpoint: { origin: "example.org/log", size: 3, root: text(three), at: 7 },
    });
  });

  it("does not open when anything else was signed", async () => {
    expect(await openCheckpoint(note(`${body}more\n`), vkey, 7)).toMatchObject({
      ok: false,
      alarm: "signature",
    });
    expect(await openCheckpoint("garbage", vkey, 7)).toMatchObject({ ok: false, alarm: "signature" });
  });
});

describe.each(["ed25519", "ecdsa-p256", "ecdsa-p384"] as const)("evidence signed with %s", (algorithm) => {
  const pair = generateKey(algorithm);
  const signer = keySigner(pair.privatePem);
  const subject = [{ name: "model", digest: { sha256: "0".repeat(64) } }];
  let envelope: Parameters<typeof verifyEnvelope>[0];
  beforeAll(async () => {
    envelope = await signStatement(makeStatement(subject, "https://example.org/v1", { a: 1 }), signer);
  });

  it("verifies with its key, bare or in a bundle, many times over", async () => {
    // ECDSA numbers vary in length; a few dozen signatures meet short ones too.
    for (let round = 0; round < 40; round += 1) {
      const again = await signStatement(makeStatement(subject, "https://example.org/v1", { round }), signer);
      expect(await verifyEnvelope(again, pair.publicPem)).toBe(true);
    }
    expect(envelopeIn({ dsseEnvelope: envelope })).toEqual(envelope);
    expect(statementIn(envelope)).toMatchObject({ predicate: { a: 1 } });
    expect(await keyIdOf(pair.publicPem)).toBe(signer.publicKey.keyId);
  });

  it("does not verify with another key, or with one bit changed", async () => {
    expect(await verifyEnvelope(envelope, generateKey(algorithm).publicPem)).toBe(false);
    const payload = Buffer.from(envelope.payload, "base64");
    payload[5] = (payload[5] ?? 0) ^ 1;
    expect(await verifyEnvelope({ ...envelope, payload: payload.toString("base64") }, pair.publicPem)).toBe(
      false,
    );
  });
});

import { generateKey, keySigner } from "@countersign/evidence";
import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "./bytes.js";
import { primitives } from "./hash.js";
import { parseVkey, signNote, verifierKeyOf } from "./keys.js";
import { formatVkey, openNote, parseNote } from "./note.js";
import { webPrimitives } from "./web.js";

// The example of the C2SP signed-note specification.
const VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SAMPLE =
  "This is an example message.\n\n— example.com/foo " +
  "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

describe("a signed note", () => {
  test("the specification's sample verifies, with Node's primitives and with WebCrypto's", async () => {
    const key = await parseVkey(VKEY);
    expect(formatVkey(key)).toBe(VKEY);
    for (const each of [primitives, webPrimitives]) {
      expect(await openNote(encodeUtf8(SAMPLE), [key], each)).toMatchObject({
        ok: true,
        note: { text: "This is an example message.\n" },
      });
    }
  });

  test("every flipped bit is refused", async () => {
    const key = await parseVkey(VKEY);
    const bytes = encodeUtf8(SAMPLE);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await openNote(flipped, [key], primitives), `bit ${bit}`).toMatchObject({ ok: false });
    }
  });

  test("unknown signatures are ignored, a bad one of a known key is not", async () => {
    const key = await parseVkey(VKEY);
    const stranger = keySigner(generateKey("ed25519").privatePem);
    const own = await verifierKeyOf(stranger, "example.com/other");
    const other = new TextDecoder().decode(
      await signNote("This is an example message.\n", own, stranger, "test"),
    );
    const line = other.split("\n").at(-2);
    expect(await openNote(encodeUtf8(`${SAMPLE}${line}\n`), [key], primitives)).toMatchObject({ ok: true });
    expect(await openNote(encodeUtf8(`${SAMPLE}${line}\n`), [own], primitives)).toMatchObject({ ok: true });
    const broken = `${SAMPLE}${line?.replace(/.{6}$/, "AAAAA=")}\n`;
    expect(await openNote(encodeUtf8(broken), [key, own], primitives)).toMatchObject({
      ok: false,
      code: "signature-invalid",
    });
    expect(await openNote(encodeUtf8(SAMPLE), [own], primitives)).toMatchObject({
      ok: false,
      code: "key-unknown",
    });
  });

  test.each([
    ["no signatures", "text\n"],
    ["no blank line", "text\n— a AAAAAAA=\n"],
    ["no final newline", SAMPLE.slice(0, -1)],
    ["a control character", SAMPLE.replace("This", "Th\tis")],
    ["an empty signature line", `${SAMPLE}\n`],
    ["a name with a plus sign", SAMPLE.replace("— example.com/foo", "— example.com+foo")],
    ["base64 with white space", SAMPLE.replace("Uw2Q", "Uw2Q\u00a0")],
    ["base64 without padding", SAMPLE.replace("aQM=", "aQM")],
    ["a short signature", "text\n\n— a AAAA\n"],
  ])("%s is malformed", (_, text) => {
    expect(parseNote(encodeUtf8(text))).toMatchObject({ ok: false, code: "note-malformed" });
  });

  test("the text ends at the last blank line", () => {
    const note = parseNote(encodeUtf8("one\n\ntwo\n\n— a AAAAAAA=\n"));
    expect(note).toMatchObject({ text: "one\n\ntwo\n" });
  });

  test.each([
    ["key-malformed", "example.com/foo"],
    ["key-malformed", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
    ["key-malformed", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
    ["key-unsupported", "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
  ])("a verifier key: %s for %s", async (code, text) => {
    await expect(parseVkey(text)).rejects.toMatchObject({ code });
  });
});

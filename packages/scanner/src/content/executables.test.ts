import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findEncodedExecutables } from "./encoded.js";
import { executableAt, findExecutable } from "./executables.js";
import { elf, portableExecutable } from "./testing.js";

describe("executableAt", () => {
  it("knows the program that runs this test", () => {
    const own = readFileSync(process.execPath).subarray(0, 65_536);
    const kind = { linux: "ELF", darwin: "Mach-O", win32: "PE" }[process.platform as "linux"];
    expect(executableAt(own, 0)?.kind).toBe(kind);
  });
  it("knows ELF and PE headers, and the packer", () => {
    expect(executableAt(elf(), 0)).toEqual({ kind: "ELF" });
    expect(executableAt(portableExecutable(), 0)).toEqual({ kind: "PE" });
    const packed = Buffer.concat([elf(), Buffer.from("UPX!")]);
    expect(executableAt(packed, 0)).toEqual({ kind: "ELF", packer: "UPX" });
  });
  it.runIf(existsSync("/bin/sh"))("knows the shell", () => {
    expect(executableAt(readFileSync("/bin/sh"), 0)).toBeDefined();
  });
  it("takes no magic number alone for a program", () => {
    for (const magic of ["\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "dex\n0"]) {
      const bytes = Buffer.concat([Buffer.from(magic, "latin1"), randomBytes(4096)]);
      expect(executableAt(bytes, 0)).toBeUndefined();
    }
  });
  it("finds none in random bytes", () => {
    for (let i = 0; i < 8; i++) expect(findExecutable(randomBytes(4 * 1024 * 1024))).toBeUndefined();
  });
  it("finds one wherever it lies", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (before) => {
        const bytes = Buffer.concat([before, elf(), Buffer.alloc(64)]);
        expect(findExecutable(bytes)?.at).toBe(before.length);
      }),
    );
  });
  it("never throws", () => {
    const starts = fc.constantFrom("\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "\0asm\x01\0\0\0", "dex\n0", "");
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        findExecutable(Buffer.concat([Buffer.from(start, "latin1"), rest]));
      }),
    );
  });
});

describe("findEncodedExecutables", () => {
  const escaped = (bytes: Buffer) =>
    Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  it.each([
    ["base 64", elf().toString("base64")],
    ["base 64", portableExecutable().toString("base64").replace(/.{76}/g, "$&\n")],
    ["hexadecimal", portableExecutable().toString("hex")],
    ["escapes", escaped(elf())],
  ])("finds a program in %s", (encoding, text) => {
    expect(findEncodedExecutables(`data = "${text}"`)).toMatchObject([{ at: 8, encoding }]);
  });
  it("takes no beginning alone for a program", () => {
    expect(findEncodedExecutables(`TVqQAAMAAAAEAAAA//8AALgA ${"TVqQAA".repeat(50)} f0VMRgEBAQAAAA`)).toEqual(
      [],
    );
  });
});

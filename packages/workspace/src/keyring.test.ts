import { appendFileSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { open, type Place, place } from "../test/fixture.js";
import { layoutOf } from "./index.js";
import { Keyring } from "./keyring.js";

let here: Place;
beforeEach(async () => {
  here = await place();
});
afterEach(() => here.clean());

const again = (uses: string): Keyring =>
  new Keyring(
    layoutOf(here.directory).keys,
    uses,
    () => 1_000_000,
    () => {},
  );

describe("the record of what keys were used for", () => {
  it("loses no line to half a one that a full disk left", async () => {
    await (await open(here.directory)).close();
    const { keyUses } = layoutOf(here.directory);
    appendFileSync(keyUses, '{"at":1,"keyId":"sha2');
    const before = readFileSync(keyUses, "utf8");
    const signer = await again(keyUses).signer("service");
    for (const byte of [1, 2]) await signer.sign(Uint8Array.of(byte), "test");
    const added = readFileSync(keyUses, "utf8").slice(before.length);
    expect(added.startsWith("\n")).toBe(true);
    const purposes = added.trim().split("\n");
    expect(purposes.map((line) => JSON.parse(line).purpose)).toEqual(["test", "test"]);
  });

  it("refuses to sign what cannot be written down, and names no directory", async () => {
    await (await open(here.directory)).close();
    const signer = await again(here.directory).signer("service");
    const refused = signer.sign(Uint8Array.of(1), "test");
    await expect(refused).rejects.toMatchObject({ code: "file-unreadable" });
    await expect(refused).rejects.not.toThrow(here.directory);
  });
});

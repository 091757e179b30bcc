import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWhole } from "./whole.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "whole-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writing a result", () => {
  it("leaves the file alone, also in a new directory", () => {
    const path = join(folder, "new", "evidence.json");
    writeWhole(path, "first");
    writeWhole(path, "second");
    expect(readFileSync(path, "utf8")).toBe("second");
    expect(readdirSync(join(folder, "new"))).toEqual(["evidence.json"]);
  });

  it("leaves nothing beside what it could not write", () => {
    const path = join(folder, "x".repeat(250));
    expect(() => writeWhole(path, "text")).toThrow(expect.objectContaining({ code: "file-unreadable" }));
    expect(() => writeWhole(folder, "text")).toThrow(expect.objectContaining({ code: "file-unreadable" }));
    expect(readdirSync(folder)).toEqual([]);
  });

  it("writes to a device, and does not put a file in its place", () => {
    const path = join(folder, "device");
    symlinkSync("/dev/null", path);
    writeWhole(path, "text");
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });
});

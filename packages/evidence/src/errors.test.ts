import { describe, expect, it } from "vitest";
import { CountersignError, ERROR_TABLE, type ErrorCode, fileFault, isErrorCode } from "./errors.js";

const codes = Object.keys(ERROR_TABLE) as ErrorCode[];

describe("the error table", () => {
  it("is sorted, in kebab-case, with a title for people", () => {
    expect(codes).toEqual([...codes].sort());
    for (const code of codes) {
      expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      expect(ERROR_TABLE[code].title).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it("has an HTTP status that is an error and an exit status that is not success", () => {
    for (const code of codes) {
      expect(ERROR_TABLE[code].status).toBeGreaterThanOrEqual(400);
      expect([1, 2, 3]).toContain(ERROR_TABLE[code].exit);
    }
  });
});

describe("fileFault", () => {
  it.each([
    ["ENOSPC", "disk-full"],
    ["EDQUOT", "disk-full"],
    ["ENOENT", "path-not-found"],
    ["EACCES", "file-unreadable"],
    ["EIO", "file-unreadable"],
  ])("turns %s into %s", (errno, code) => {
    const fault = fileFault("a.bin", Object.assign(new Error("x"), { code: errno }));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain("a.bin");
  });

  it("leaves our own faults alone", () => {
    const own = new CountersignError("file-changed", "x");
    expect(fileFault("a", own)).toBe(own);
  });

  it("tells a code from another word", () => {
    expect(isErrorCode("disk-full")).toBe(true);
    expect(isErrorCode("toString")).toBe(false);
  });
});

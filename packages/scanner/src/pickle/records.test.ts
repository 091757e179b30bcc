import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, text } from "../testing/assemble.js";
import { sample } from "../testing/samples.js";

describe("what applications keep beside a model", () => {
  it.each(["django-safestring.pkl", "email-message.pkl", "sqlalchemy-column.pkl", "sqlalchemy-rows.pkl"])(
    "%s is clean",
    (name) => {
      expect(scanBytes(sample(name), name)).toMatchObject({ verdict: "clean", findings: [] });
    },
  );
});

const pickle = (...pieces: Parameters<typeof bytes>): Buffer => bytes(0x80, 4, ...pieces, ".");

describe("names of the same packages", () => {
  it("make no class of foreign bases", () => {
    const base = global("ctypes", "CDLL");
    const data = pickle(
      global("email.headerregistry", "_reconstruct_header"),
      "(",
      text("H"),
      base,
      0x85,
      text("libc.so.6"),
      "tR",
    );
    expect(scanBytes(data, "m.pkl").verdict).toBe("malicious");
    const unknown = pickle(
      global("email.headerregistry", "_reconstruct_header"),
      "(",
      text("H"),
      global("somewhere", "Base"),
      0x85,
      text("x"),
      "tR",
    );
    expect(scanBytes(unknown, "m.pkl").findings.map(({ rule }) => rule)).toContain("pickle-unproven-call");
  });

  it.each([
    ["sqlalchemy", "create_engine"],
    ["sqlalchemy.engine.create", "create_engine"],
    ["sqlalchemy.sql.schema", "Column"],
    ["django.core.management", "call_command"],
    ["django.utils.safestring", "mark_safe"],
  ])("%s.%s is not called", (module, name) => {
    const data = pickle(global(module, name), text("sqlite://"), 0x85, "R");
    expect(scanBytes(data, "m.pkl").verdict).toBe("malicious");
  });
});

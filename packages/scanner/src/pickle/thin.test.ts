import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytesSource } from "../core/source.js";
import { bytes, global, text } from "../testing/assemble.js";
import { fetchedIndexes } from "./fetched.js";
import { RecentText } from "./recent-text.js";

const rules = (data: Uint8Array): string[] => scanBytes(data, "model.pkl").findings.map(({ rule }) => rule);
const many = (count: number, ...parts: Parameters<typeof bytes>): Buffer => {
  const one = bytes(...parts);
  return Buffer.concat(Array<Buffer>(count).fill(one));
};

/** What lies in the middle of a long stack is let go; what a verdict hangs on must survive that. */
describe("a stack of many values", () => {
  const WAITING = 60_000;

  it("is one list of them all", () => {
    expect(rules(bytes(0x80, 4, "](", many(WAITING, "K\x01", 0x85), "e."))).toEqual([]);
  });

  it("keeps the place of a hook among plain keys and values", () => {
    const hook = bytes(text("__setstate__"), global("my.pkg", "fire"));
    const state = [many(WAITING, "K\x01K\x02"), hook, many(WAITING, "K\x01K\x02")];
    const target = bytes(0x80, 4, global("argparse", "Namespace"), ")", 0x81);
    expect(rules(bytes(target, "}(", ...state, "ub."))).toContain("pickle-state-hook");
    expect(rules(bytes(target, "(", ...state, "db."))).toContain("pickle-state-hook");
  });

  it("counts keys and values as CPython does", () => {
    expect(rules(bytes(0x80, 4, "}(", many(WAITING + 1, "K\x01"), "u."))).toContain("pickle-malformed");
    expect(rules(bytes(0x80, 4, "}(", many(WAITING, "K\x01"), "u."))).toEqual([]);
  });

  it("is incomplete when a pickle digs down to what was let go", () => {
    const dug = bytes(0x80, 4, text("os"), text("system"), many(WAITING, "N"), many(WAITING, "0"), 0x93);
    expect(scanBytes(bytes(dug, text("id"), 0x85, "R."), "model.pkl").verdict).toBe("incomplete");
  });

  it("loses no call", () => {
    const payload = bytes(global("os", "system"), text("id"), 0x85, "R");
    const data = bytes(0x80, 4, "](", many(WAITING, "]"), payload, many(WAITING, "]"), "e.");
    expect(rules(data)).toContain("pickle-dangerous-call");
  });
});

describe("a large memo", () => {
  const ENTRIES = 600_000;

  it("gives back what is fetched later", () => {
    const names = bytes(text("os"), 0x94, "0", text("system"), 0x94, "0");
    const data = bytes(0x80, 4, names, many(ENTRIES, "N\x940"), "h\0h\x01", 0x93, text("id"), 0x85, "R.");
    expect(rules(data)).toContain("pickle-dangerous-call");
  });

  it("is still filled after values were let go", () => {
    const names = bytes(text("os"), "p700000\n0", text("system"), 0x94, "0");
    const fetch = bytes("j", Buffer.from(Uint32Array.of(ENTRIES + 1).buffer));
    const data = bytes(
      0x80,
      4,
      many(ENTRIES, "N\x940"),
      names,
      "g700000\n",
      fetch,
      0x93,
      text("id"),
      0x85,
      "R.",
    );
    expect(rules(data)).toContain("pickle-dangerous-call");
  });

  it("is asked only for what the opcodes ahead fetch", () => {
    const data = bytes(
      "h\x05X\x02\0\0\0h\x06g12\nj\x01\x01\0\0\x8c\x01h\x95",
      Buffer.alloc(8),
      "cos\nh\x07\n.h\x09",
    );
    const { indexes, whole } = fetchedIndexes(bytesSource(data), 0, 100);
    expect([...indexes]).toEqual([5, 12, 257]);
    expect(whole).toBe(true);
  });
});

describe("text that repeats", () => {
  it("is what its bytes say, whatever was seen before", () => {
    const recent = new RecentText();
    for (let turn = 0; turn < 2; turn++) {
      for (let i = 0; i < 20_000; i++) {
        const word = `k${i.toString(36)}`;
        expect(recent.get(Buffer.from(word), 0, word.length)).toBe(word);
      }
    }
    expect(recent.get(Buffer.from("é"), 0, 2)).toBeUndefined();
    expect(recent.get(Buffer.from(""), 0, 0)).toBe("");
  });
});

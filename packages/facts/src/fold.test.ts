import { sha256 } from "@countersign/evidence";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifact, Fixture } from "../test/fixture.js";
import { ChainTable } from "./chains.js";
import type { ChainRow, Leaf } from "./index.js";
import { checkChain, decodeLeaf, emptyHead, encodeLeaf, extendHead, Fold, leafHash } from "./index.js";

const digest = (text: string) => sha256(new TextEncoder().encode(text));
const leaf = (change: Partial<Leaf> = {}): Leaf => ({
  v: 1,
  at: 5,
  workspace: "default",
  predicate: "scan",
  outcome: "positive",
  envelope: digest("envelope"),
  signer: digest("signer"),
  subjects: [digest("subject")],
  ...change,
});

describe("leaf", () => {
  it("comes back as it went in", () => {
    expect(decodeLeaf(encodeLeaf(leaf()))).toEqual(leaf());
  });

  it("refuses every change of one bit, or reads another valid leaf that hashes to something else", () => {
    const raw = encodeLeaf(leaf());
    for (let bit = 0; bit < raw.length * 8; bit++) {
      const changed = Uint8Array.from(raw);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      let read: Leaf | undefined;
      try {
        read = decodeLeaf(changed);
      } catch {
        continue;
      }
      expect(encodeLeaf(read)).toEqual(changed);
      expect(leafHash(changed).equals(leafHash(raw))).toBe(false);
    }
  });

  it("refuses other spellings, other fields and duplicate keys", () => {
    const text = new TextDecoder().decode(encodeLeaf(leaf()));
    const spellings = [
      ` ${text}`,
      text.replace(":5", ":5.0"),
      text.replace("{", '{"at":5,'),
      text.replace('"v":1', '"v":1,"w":2'),
    ];
    for (const spelling of spellings) expect(() => decodeLeaf(new TextEncoder().encode(spelling))).toThrow();
  });

  it("never accepts garbage", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodeLeaf(bytes)).toThrow(expect.objectContaining({ code: "log-tampered" }));
      }),
    );
  });
});

describe("chain table", () => {
  it("agrees with a plain map over any sequence, through its growth", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 }), (subjects) => {
        const table = new ChainTable(4);
        const plain = new Map<number, { count: number; hash: Buffer }>();
        subjects.forEach((subject, at) => {
          const hash = leafHash(Uint8Array.of(at));
          table.extend("default", digest(`${subject}`), hash);
          plain.set(subject, extendHead(plain.get(subject) ?? emptyHead(), hash));
        });
        for (const [subject, head] of plain)
          expect(table.head("default", digest(`${subject}`))).toEqual(head);
        expect(table.subjects).toBe(plain.size);
        expect(table.head("other", digest("0")).count).toBe(0);
      }),
    );
  });
});

describe("fold", () => {
  it("refuses entries out of order and times that run backwards", () => {
    const fold = new Fold();
    fold.apply(0, encodeLeaf(leaf({ at: 9 })));
    expect(() => fold.apply(2, encodeLeaf(leaf({ at: 9 })))).toThrow(/entry 1 was due/);
    expect(() => fold.apply(1, encodeLeaf(leaf({ at: 8 })))).toThrow(/older/);
  });
});

describe("chain check", () => {
  it("notices every deletion, insertion, change, swap and restored old state", async () => {
    const record = await new Fixture().start();
    await record.name();
    await record.scan("malicious");
    const old = record.rows.get(artifact)!;
    await record.scan("malicious", { by: "scanner2" });
    await record.approval();
    const rows = record.rows.get(artifact)!;
    const head = record.fold.head("default", artifact);
    const damaged: ChainRow[][] = [
      old,
      [],
      [...rows, { index: 99, raw: rows[0]!.raw }],
      [...rows].reverse(),
      ...rows.map((_, at) => rows.filter((_row, position) => position !== at)),
      ...rows.map((row, at) => [...rows.slice(0, at), row, ...rows.slice(at)]),
      ...rows.map((_, at) =>
        rows.map((row, position) => (position === at ? { ...row, raw: flip(row.raw) } : row)),
      ),
    ];
    for (const state of damaged) {
      expect(() => checkChain(state, head, artifact)).toThrow(
        expect.objectContaining({ code: "projection-mismatch" }),
      );
    }
    expect(checkChain(rows, head, artifact)).toHaveLength(4);
  });
});

function flip(raw: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(raw);
  changed[20]! ^= 1;
  return changed;
}

import { constants, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource } from "../core/source.js";
import { MemorySpool } from "../core/spill.js";
import { inflateExactly } from "./deflate.js";
import { throughFilters } from "./filters.js";
import { gunzip } from "./gzip.js";
import { inflate } from "./inflate.js";
import { copy } from "./methods.js";
import { Output } from "./output.js";
import { collect, type Unpacker } from "./unpack.js";

const LIMIT = 1_000_000;

function run(
  unpacker: Unpacker,
  packed: Buffer,
  limit = LIMIT,
): { out: Buffer; consumed: number; error: string | undefined } {
  const unpacked = collect(new MemorySpool(limit), (out) => unpacker(bytesSource(packed), out), limit);
  return { out: unpacked.source.read(0, limit), consumed: unpacked.consumed, error: unpacked.error };
}

/** Bytes that repeat themselves, near and far. */
const content = fc
  .tuple(
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 8 }),
    fc.array(fc.nat(7), { maxLength: 400 }),
  )
  .map(([pieces, order]) =>
    Buffer.concat(order.map((index) => pieces[index % pieces.length] ?? Buffer.alloc(0))),
  );
const strategy = fc.constantFrom(
  constants.Z_DEFAULT_STRATEGY,
  constants.Z_FIXED,
  constants.Z_HUFFMAN_ONLY,
  constants.Z_RLE,
);

describe("inflate", () => {
  it("unpacks what zlib packed, natively and by our own decoder", () => {
    fc.assert(
      fc.property(content, strategy, fc.integer({ min: 0, max: 9 }), (data, kind, level) => {
        const packed = Buffer.concat([deflateRawSync(data, { strategy: kind, level }), Buffer.from("rest")]);
        for (const unpacker of [inflate, inflateExactly] as Unpacker[]) {
          const { out, consumed, error } = run((source, to) => unpacker(source, to), packed);
          expect(error).toBeUndefined();
          expect(out.equals(data)).toBe(true);
          expect(consumed).toBe(packed.length - 4);
        }
      }),
    );
  });

  it("gives what precedes a fault", () => {
    fc.assert(
      fc.property(content, fc.nat(100), fc.nat(255), (data, place, value) => {
        const packed = deflateRawSync(data);
        const at = Math.floor((packed.length * place) / 101);
        packed[at] = value;
        const own = run((source, to) => inflateExactly(source, to), packed);
        const both = run((source, to) => inflate(source, to), packed);
        expect(both.out.equals(own.out)).toBe(true);
        expect(both.error === undefined).toBe(own.error === undefined);
      }),
    );
  });

  it("stops at the limit", () => {
    expect(
      run((source, to) => inflate(source, to), deflateRawSync(Buffer.alloc(500_000)), 1000).out.length,
    ).toBe(1000);
  });
});

describe("gunzip", () => {
  it("skips zeros between members, as Python does", () => {
    const packed = Buffer.concat([gzipSync("a"), Buffer.alloc(700), gzipSync("b"), Buffer.from("x")]);
    const { out, consumed } = run(gunzip, packed);
    expect(out.toString()).toBe("ab");
    expect(consumed).toBe(packed.length - 1);
  });
});

describe("Output", () => {
  it("repeats from beyond its window by reading back", () => {
    const first = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
    const spool = new MemorySpool(2 ** 26);
    const sink = {
      write: (chunk: Buffer): void => spool.write(chunk),
      recall: (from: number, length: number): Buffer => spool.source().read(from, length),
    };
    const out = new Output(sink, 1024);
    out.begin(2 ** 30);
    out.append(first);
    out.fill(7, 3_000_000);
    out.repeat(3_000_000 + first.length, first.length);
    expect(out.back(3_000_000 + 2 * first.length)).toBe(0);
    out.flush();
    expect(
      spool
        .source()
        .read(3_000_000 + first.length, first.length)
        .equals(first),
    ).toBe(true);
    expect(spool.size).toBe(3_000_000 + 2 * first.length);
  });

  it("refuses distances before the beginning", () => {
    const out = new Output({ write: () => undefined, recall: () => Buffer.alloc(0) });
    out.append(Buffer.from("abc"));
    out.begin(100);
    out.put(1);
    expect(() => out.repeat(2, 1)).toThrow("bad distance");
  });
});

describe("filters", () => {
  it.each(["x86", "arm", "armt", "ppc", "sparc", "arm64"] as const)(
    "give the same in any pieces: %s",
    (kind) => {
      fc.assert(
        fc.property(
          fc.array(fc.constantFrom(0, 0xff, 0xe8, 0xe9, 0xeb, 0xf0, 0xf8, 0x48, 0x94, 0x90, 0x40), {
            maxLength: 300,
          }),
          fc.integer({ min: 1, max: 50 }),
          (list, size) => {
            const packed = Buffer.from(list);
            const whole = run(
              (source, out) => throughFilters([{ kind }], out, (to) => copy(source, to)),
              packed,
            ).out;
            const pieces = run(
              (source, out) =>
                throughFilters([{ kind }], out, (to) => {
                  for (let at = 0; at < source.size; at += size) to.emit(source.read(at, size));
                  return source.size;
                }),
              packed,
            ).out;
            expect(pieces.equals(whole)).toBe(true);
            expect(whole.length).toBe(packed.length);
          },
        ),
      );
    },
  );
});

import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, call, global } from "../../testing/assemble.js";

function npy(descr: string, content: Uint8Array, count = 1): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${count},), }`;
  const padded = `${header.padEnd(117)}\n`;
  return bytes("\x93NUMPY", 1, 0, padded.length & 255, padded.length >> 8, padded, content);
}
const scan = (data: Buffer): string => scanBytes(data, "a.npy").verdict;

describe("the type of an array", () => {
  const evaluated = call("sympy", "sin", "__import__('os').mkdir('x')");

  it.each(["'|O'", "'\\x4f'", "'object'", "[('a', 'object')]", "[('a', '<f8'), ('b', '|O')]", "'O8'"])(
    "%s is one of objects",
    (descr) => expect(scan(npy(descr, evaluated))).toBe("malicious"),
  );

  // What numpy 2.2 writes for `np.dtype([...])`, fields, titles, sub-arrays and records in records.
  it.each([
    ["'<f8'", 8],
    ["[('O', '<f8')]", 8],
    ["[('a', '<f8'), ('b', '<i4', (3,))]", 20],
    ["[(('title', 'name'), '<f4')]", 4],
    ["[('a', [('b', '|u1'), ('c', '<U2')]), ('d', '<M8[ns]')]", 17],
    ["'<M8[25s]'", 8],
  ])("%s is one of numbers", (descr, size) => {
    expect(scan(npy(descr, Buffer.alloc(size)))).toBe("clean");
    const marked = bytes(0x80, 4, Buffer.alloc(size - 2, 7));
    expect(scan(npy(descr, marked))).toBe("clean");
  });

  it("of objects takes plain values", () => {
    const array = bytes(0x80, 4, global("collections", "OrderedDict"), ")R.");
    expect(scan(npy("'|O'", array))).toBe("clean");
  });

  it("takes no longer than the header is long", () => {
    const started = process.cpuUsage();
    const far = " ".repeat(30_000);
    for (const descr of [`[(${far}`, "('a', ".repeat(9000), `[('a', '<f8')${far}`])
      scan(npy(descr, Buffer.alloc(8)));
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

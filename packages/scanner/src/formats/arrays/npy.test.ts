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

  it("is no call", () => {
    expect(scan(npy("__import__('os').system('id')", Buffer.alloc(8)))).toBe("suspicious");
    expect(scan(npy("[('a', '<f8'), (f(), '<f8')]", Buffer.alloc(16)))).toBe("suspicious");
  });

  it("takes no longer than the header is long", () => {
    const started = process.cpuUsage();
    const far = " ".repeat(30_000);
    for (const descr of [`[(${far}`, "('a', ".repeat(9000), `[('a', '<f8')${far}`])
      scan(npy(descr, Buffer.alloc(8)));
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

describe("arrays that follow one another", () => {
  const plain = npy("'<f8'", Buffer.alloc(8));

  // As `np.save(f, a); np.save(f, b)` and Equinox 0.13 write them.
  it("are what np.save makes of an open file", () => {
    const file = bytes(plain, npy("'<U2'", Buffer.alloc(8)), npy("'|b1'", Buffer.alloc(1)), plain);
    expect(scan(file)).toBe("clean");
    expect(scanBytes(file, "model.eqx").verdict).toBe("clean");
    expect(scan(bytes(npy("'|O'", bytes(0x80, 4, "N.")), plain))).toBe("clean");
  });

  it("are each examined", () => {
    const evil = npy("'|O'", call("os", "system", "id"));
    expect(scan(bytes(plain, evil))).toBe("malicious");
    expect(scan(bytes(plain, plain, evil, plain))).toBe("malicious");
    expect(scan(bytes(npy("'|O'", bytes(0x80, 4, "N.")), evil))).toBe("malicious");
  });

  it("are followed by nothing else", () => {
    expect(scan(bytes(plain, plain, "tail"))).toBe("suspicious");
  });

  it("take time by their number", () => {
    const started = process.cpuUsage();
    scan(Buffer.concat(Array.from({ length: 5_000 }, () => plain)));
    expect(process.cpuUsage(started).user).toBeLessThan(3_000_000);
  });
});

import { describe, expect, it } from "vitest";
import { bytes, call, PAYLOAD, u32 } from "../testing/assemble.js";
import { DEFAULT_LIMITS } from "./limits.js";
import { scanBytes, scanSource } from "./scan-bytes.js";
import { bytesSource, type Source } from "./source.js";

const EVIL = bytes("0", PAYLOAD);
const PLAIN = call("somewhere", "build", "x");

/** Marks of other formats that an unpickler reads as a number or a text, and goes on. */
const MARKS: readonly (readonly [string, Buffer])[] = [
  ["a picture (BINFLOAT)", bytes("GIF89a\0\0\0")],
  ["a CatBoost model (SHORT_BINBYTES)", bytes("CBM1", u32(40), Buffer.alloc(60))],
  ["a TFLite model (SHORT_BINSTRING)", bytes("U", 64, 0, 0, "TFL3", Buffer.alloc(58))],
  ["an ExecuTorch program (SHORT_BINSTRING)", bytes("U", 64, 0, 0, "ET12", Buffer.alloc(58))],
  ["an ORT model behind a protocol", bytes(0x80, 2, "U", 16, "ORTM", Buffer.alloc(12))],
  [
    "weights of Core ML (SHORT_BINBYTES)",
    bytes("C", 100, Buffer.alloc(62), "\xef\xbe\xad\xde", Buffer.alloc(34)),
  ],
];

describe("a pickle that begins with the mark of", () => {
  for (const [name, mark] of MARKS) {
    it(name, () => {
      const padded = bytes(mark, EVIL, Buffer.alloc(20_000));
      for (const file of ["model.pkl", "model.bin", "model.tflite", "model"]) {
        expect(scanBytes(padded, file).verdict).toBe("malicious");
      }
      expect(scanBytes(bytes(mark, "0", PLAIN), "model.pkl").verdict).not.toBe("clean");
    });
  }
});

const sympy = (code: string): Buffer => bytes("csympy\nsin\n(S'", code, "'\ntR.");
const CODE = `__import__("os").mkdir("x")`;

/** The first header of a tar whose name is these bytes. */
function tarNamed(name: Uint8Array): Buffer {
  const header = Buffer.alloc(512);
  header.set(name);
  header.write("0000644\x000000000\x000000000\x00000000000000\x00000000000000\0        0", 100, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes(header, Buffer.alloc(1024));
}

/** A text of 70 bytes in which stands the mark of Core ML's weights. */
const COREML_TEXT = bytes(0x80, 3, "C", 70, Buffer.alloc(60), "\xef\xbe\xad\xde", Buffer.alloc(6), "0");

/** What torch unpickles from the bytes of a storage. */
function nested(data: Uint8Array): Buffer {
  return bytes(0x80, 4, "ctorch.storage\n_load_from_bytes\n", "B", u32(data.length), data, 0x85, "R.");
}

describe("calls that only no allow list covers", () => {
  const files: readonly (readonly [string, Buffer])[] = [
    ["the mark of Core ML's weights", bytes(COREML_TEXT, sympy(CODE))],
    ["the mark of a TFLite model", bytes("N0U", 64, "TFL3", Buffer.alloc(60), "0", sympy(CODE))],
    ["the name in a header of tar", tarNamed(sympy(CODE))],
    ["nothing, and no end", bytes(sympy(CODE).subarray(0, -1), "0\x00")],
  ];
  for (const [name, data] of files)
    it(`are seen behind ${name}, at the top and in a storage`, () => {
      for (const file of ["model", "model.bin"]) expect(scanBytes(data, file).verdict).toBe("malicious");
      expect(scanBytes(nested(data), "model.pkl").verdict).toBe("malicious");
    });

  it("are seen in a storage whose pickle is a tar as well", () => {
    const polyglot = tarNamed(bytes("cos\nmkdir\n(S'x'\ntR."));
    expect(scanBytes(nested(polyglot), "model.pkl").verdict).toBe("malicious");
  });

  it("are not followed further than a probe goes for nothing", () => {
    const long = bytes("N0".repeat(1_200_000), "cos\nmkdir\n(S'x'\ntR.");
    expect(scanBytes(long, "model").verdict).toBe("malicious");
  });

  it("leave Core ML's weights alone, whose number of entries may begin as a pickle does", () => {
    const weights = bytes(u32(0x0280), u32(2), Buffer.alloc(56), "\xef\xbe\xad\xde", Buffer.alloc(600));
    expect(scanBytes(weights, "weight.bin")).toMatchObject({ format: "coreml-weights", verdict: "clean" });
  });

  it("leave text and archives alone that read as calls which CPython never reaches", () => {
    const record = "cab/legacy.py,sha256=1,2\ncab/md.py,x\n}b\n";
    for (const text of [
      "Resources: !Sub '$A'\nb: !Ref C\n",
      "import os; x('y').z()\n",
      "R.\n",
      "(R.",
      record,
    ]) {
      expect(scanBytes(Buffer.from(text), "m.yaml").verdict).toBe("clean");
      expect(scanBytes(tarNamed(Buffer.from(text.slice(0, 60))), "m.tar").verdict).not.toBe("malicious");
    }
  });
});

/** `head`, and zeros up to `size`. */
function padded(head: Uint8Array, size: number): Source {
  const source = bytesSource(head);
  return {
    size,
    read: (offset, length) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - Math.max(0, offset))));
      buffer.set(source.read(offset, Math.min(length, buffer.length)));
      return buffer;
    },
  };
}

describe("a large file", () => {
  it("is asked whether it is a pickle of protocol 0", () => {
    const limits = { ...DEFAULT_LIMITS, searchBytes: 0, weightBytes: 0 };
    for (const head of [bytes("cos\nmkdir\n(S'x'\ntR."), bytes("GIF89a\0\0\0", EVIL)]) {
      const source = padded(head, 300 * 1024 * 1024);
      expect(scanSource(source, "model", limits).verdict).toBe("malicious");
    }
  });
});

import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, PAYLOAD, text, u32, u64, zip } from "../testing/assemble.js";
import { parseInt0, parseLong } from "./text.js";

/** What CPython 3.8, 3.11 and 3.13 give for these lines (`pickle.loads`). */
const INT: Record<string, unknown> = {
  "017": 15,
  "0x10": 16,
  "+1": true,
  "00": false,
  "01": true,
  "1_0": 10,
  " 5": 5,
  "1\0": true,
  "5\0x": 5,
  "-0": false,
  "99999999999999999999": 99999999999999999999n,
};
const LONG: Record<string, unknown> = {
  "017": undefined,
  "0o17": 15,
  "1_0": 10,
  "0x_1f": 31,
  "00": 0,
  " 7 ": 7,
  "5\0x": 5,
  "1__0": undefined,
  _1: undefined,
};

describe("numbers in lines, as CPython reads them", () => {
  for (const [line, value] of Object.entries(INT)) {
    it(`INT ${JSON.stringify(line)}`, () => expect(parseInt0(line)).toBe(value));
  }
  for (const [line, value] of Object.entries(LONG)) {
    it(`LONG ${JSON.stringify(line)}`, () => expect(parseLong(line, 0)).toBe(value));
  }
  it("takes no prefix for a memo key", () => expect(parseLong("0x10", 10)).toBeUndefined());
});

const verdict = (data: Uint8Array): string => scanBytes(data, "model.pkl").verdict;
const CALL = bytes("(cposix\nsystem\nX", u32(2), "id", "o.");
/** Read in order, the bytes object swallows the call; behind its lost head stands the call. */
const HIDDEN = bytes("C", CALL.length + 2, CALL, ".N.");

/** Each reaches its call in a real unpickler: see conformance/scanner/differential. */
const REACHED: Record<string, Buffer> = {
  "memo keys that end at a NUL": bytes(global("os", "system"), "p5\0x\n0g5\n(X", u32(2), "id", "tR."),
  "a call behind a stream that holds nothing": bytes("]Q.", PAYLOAD),
  "the frame's last bytes are lost to a file without look-ahead": bytes(
    0x80,
    4,
    0x95,
    u64(4),
    "C\x04aa",
    HIDDEN,
  ),
  "a file that begins like nothing, where only one reading calls": bytes(
    "N0",
    0x95,
    u64(4),
    "C\x04aa",
    HIDDEN,
  ),
  "a frame inside a frame, longer than it": bytes(
    0x80,
    4,
    0x95,
    u64(12),
    "N",
    0x95,
    u64(4),
    "C\xff",
    "0N",
    CALL,
  ),
  "an array that the pickle writes into before it is loaded": bytes(
    0x80,
    5,
    "ctorch.storage\n_load_from_bytes\n",
    0x96,
    u64(3),
    "N..",
    "K\x00K\x63s",
    0x85,
    "R.",
  ),
  "arguments that are a dictionary's keys": bytes("cbuiltins\nmap\n}cos\nsystem\nNs", "R."),
  "a list whose item is replaced": bytes(
    "cfunctools\npartial\n(cbuiltins\nlen\nl",
    "I0\ncos\nsystem\ns",
    "R",
    text("id"),
    0x85,
    "R.",
  ),
};

describe("what a real unpickler reaches", () => {
  for (const [name, data] of Object.entries(REACHED)) {
    it(name, () => expect(verdict(data)).toBe("malicious"));
  }
});

/** Headers that numpy itself reads as objects, as `numpy.load` with a recorder showed. */
describe("array files that numpy reads as pickles", () => {
  for (const header of [
    "{'shape': (2L,), 'descr': 'O', 'fortran_order': False}",
    "{'descr': 'object', 'fortran_order': False, 'shape': (), }\n",
    "{'descr': [('a', '|O')], 'fortran_order': True, 'shape': (), }\n\n",
  ]) {
    it(header, () => {
      const file = bytes("\x93NUMPY\x01\x00", header.length, 0, header, PAYLOAD);
      expect(scanBytes(file, "x.npy").verdict).toBe("malicious");
    });
  }
});

/** `lzma.compress(part, lzma.FORMAT_ALONE)` of the two halves of a call of `posix.system`. */
const TWO_LZMA = Buffer.from(
  "5d00008000ffffffffffffffff0040008803cb87e60e3fc73c4b48ffffb62000005d00008000ffffffffffffffff00399e4aae66f7e4de835e6289991e1565fbb632df32299efffeb02800",
  "hex",
);

describe("what other readers hand to an unpickler", () => {
  it("a member that torch takes for a version number", () => {
    const members = [
      { name: "archive/data.pkl", data: bytes(0x80, 2, "}.") },
      { name: "archive/version", data: PAYLOAD },
    ];
    expect(scanBytes(zip(...members), "model.zip").verdict).toBe("malicious");
  });

  it("a pickle in two LZMA streams, as Python's lzma wrote them", () => {
    expect(scanBytes(TWO_LZMA, "model.joblib").verdict).toBe("malicious");
  });
});

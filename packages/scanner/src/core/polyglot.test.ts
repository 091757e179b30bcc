import { describe, expect, it } from "vitest";
import { bytes, call, PAYLOAD, u32 } from "../testing/assemble.js";
import { scanBytes } from "./scan-bytes.js";

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

import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../core/limits.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, call, global, u32, u64 } from "../testing/assemble.js";

const limits = { ...DEFAULT_LIMITS, memoryBytes: 256 };

/** As `pickle.dumps(tensor)` of torch: a legacy file in the bytes of a call. */
function nested(content: Uint8Array): Buffer {
  const load = global("torch.storage", "_load_from_bytes");
  return bytes(0x80, 4, load, "(B", u32(content.length), content, "tR.");
}

const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e", "hex");
const storage = bytes("((U\x07storagectorch\nFloatStorage\nU\x01aU\x03cpuK\xffNtQ.");

describe("a nested pickle that memory would not hold", () => {
  it("is read to its end", () => {
    const file = bytes(magic, 0x80, 2, storage, 0x80, 2, "]U\x01aa.", u64(255), Buffer.alloc(255 * 4));
    expect(scanBytes(nested(file), "m.pkl", limits)).toMatchObject({ verdict: "clean", findings: [] });
    expect(scanBytes(nested(bytes(file, "tail")), "m.pkl", limits).verdict).toBe("suspicious");
  });

  it("is examined behind what memory holds, and as often as it stands there", () => {
    const evil = bytes(0x80, 4, "B", u32(300), Buffer.alloc(300), "0", call("os", "system", "id"), ".");
    const plain = bytes(evil.subarray(0, 306), "0N.");
    const both = bytes(nested(plain).subarray(0, -1), "0", nested(evil).subarray(2));
    expect(scanBytes(nested(plain), "m.pkl", limits).verdict).toBe("clean");
    expect(scanBytes(both, "m.pkl", limits).verdict).toBe("malicious");
  });
});

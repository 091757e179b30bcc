import { describe, expect, it } from "vitest";
import { bytesSource, type Source } from "../../core/source.js";
import { sample } from "../../testing/samples.js";
import { statedSize } from "./stated-size.js";

/** As nibabel 5.4.2 writes them: the fields of both versions, in both byte orders, of a mask of 8 x 9 x 10 bytes. */
function nifti(version: 1 | 2, little: boolean): Source {
  const head = Buffer.alloc(560);
  const int = (value: number, at: number) =>
    little ? head.writeInt32LE(value, at) : head.writeInt32BE(value, at);
  const short = (value: number, at: number) =>
    little ? head.writeInt16LE(value, at) : head.writeInt16BE(value, at);
  const long = (value: number, at: number) =>
    little ? head.writeBigInt64LE(BigInt(value), at) : head.writeBigInt64BE(BigInt(value), at);
  const sizes = [3, 8, 9, 10];
  int(version === 1 ? 348 : 540, 0);
  head.write(version === 1 ? "n+1\0" : "n+2\0", version === 1 ? 344 : 4, "latin1");
  short(8, version === 1 ? 72 : 14);
  for (const [at, size] of sizes.entries())
    version === 1 ? short(size, 40 + 2 * at) : long(size, 16 + 8 * at);
  if (version === 2) long(544, 168);
  else if (little) head.writeFloatLE(352, 108);
  else head.writeFloatBE(352, 108);
  return bytesSource(head);
}

describe("the size that a header states", () => {
  it.each(["nan.weights.h5", "h5-dense-external.h5"])("is that of the file: %s", (name) => {
    const data = sample(name);
    expect(statedSize(bytesSource(data.subarray(0, 1000)))).toBe(data.length);
  });

  it.each([
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ] as const)("counts the voxels of NIfTI-%d, little-endian %s", (version, little) => {
    expect(statedSize(nifti(version, little))).toBe((version === 1 ? 352 : 544) + 720);
  });

  it("is none where there is no header", () => {
    for (const data of [Buffer.alloc(0), Buffer.alloc(600), Buffer.from("\x93NUMPY"), Buffer.from("{}")])
      expect(statedSize(bytesSource(data)) ?? 0).toBeLessThanOrEqual(600);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { toSafetensors } from "./safetensors.js";

const float = fc.float({ noNaN: true });
const tensors = fc.uniqueArray(
  fc.record({ name: fc.stringMatching(/^[a-z.]{1,20}$/), values: fc.array(float, { maxLength: 20 }) }),
  { selector: ({ name }) => name, maxLength: 6 },
);

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

test("the header is aligned, gapless and leads to every value", () => {
  fc.assert(
    fc.property(tensors, (drawn) => {
      const given = drawn.map(({ name, values }) => ({
        name,
        shape: [values.length],
        values: Float32Array.from(values),
      }));
      const file = toSafetensors(given, { format: "pt" });
      const view = new DataView(file.buffer, file.byteOffset, file.length);
      const length = Number(view.getBigUint64(0, true));
      expect(length % 8).toBe(0);
      const { __metadata__, ...header } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
      expect(__metadata__).toEqual({ format: "pt" });
      let end = 0;
      for (const { name, values } of given) {
        const { dtype, shape, data_offsets } = header[name] as Entry;
        expect([dtype, shape, data_offsets]).toEqual([
          "F32",
          [values.length],
          [end, end + values.length * 4],
        ]);
        values.forEach((value, at) => {
          expect(view.getFloat32(8 + length + end + at * 4, true)).toBe(value);
        });
        end += values.length * 4;
      }
      expect(file.length).toBe(8 + length + end);
    }),
  );
});

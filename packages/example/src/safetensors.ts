import { littleEndian, type Tensor } from "./network.js";
import { concat } from "./protobuf.js";

/** Eight bytes of header length, a JSON header padded with spaces to eight bytes, the tensors end to end. */
export function toSafetensors(tensors: readonly Tensor[], metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const start = end;
    end += values.length * 4;
    header[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  }
  const json = JSON.stringify(header);
  const padded = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8, " "));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return concat([length, padded, ...tensors.map(({ values }) => littleEndian(values))]);
}

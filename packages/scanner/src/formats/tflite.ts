import type { Part, Scan } from "../core/scan.js";

const MAX_CODES = 10_000;

/** TFLite (a flatbuffer): names of custom operators in the operator codes. */
export function scanTflite(scan: Scan, part: Part): string {
  const { source } = part;
  const u32 = (at: number): number => {
    const bytes = source.read(at, 4);
    return bytes.length === 4 ? bytes.readUInt32LE(0) : 0;
  };
  const fieldOf = (table: number, index: number): number => {
    const vtable = table - (u32(table) | 0);
    const size = source.read(vtable, 2);
    const entry = 4 + index * 2;
    if (size.length < 2 || entry + 2 > size.readUInt16LE(0)) return 0;
    const offset = source.read(vtable + entry, 2);
    return offset.length === 2 && offset.readUInt16LE(0) > 0 ? table + offset.readUInt16LE(0) : 0;
  };
  const follow = (at: number): number => at + u32(at);
  const codes = fieldOf(u32(0), 1);
  if (codes === 0) return "tflite";
  const vector = follow(codes);
  const count = Math.min(u32(vector), MAX_CODES);
  for (let i = 0; i < count; i++) {
    scan.budget.step(16);
    const custom = fieldOf(follow(vector + 4 + i * 4), 1);
    if (custom === 0) continue;
    const at = follow(custom);
    const name = source.read(at + 4, Math.min(u32(at), 256)).toString("utf8");
    if (name === "" || /^(Flex|TFLite_)/.test(name)) {
      if (/^Flex(ReadFile|WriteFile|PyFunc|EagerPyFunc|MatchingFiles)$/.test(name)) {
        scan.report("tensorflow-operator", part, `The model uses the operator ${name}.`, { cause: name });
      }
      continue;
    }
    scan.report("tflite-custom-operator", part, `The model uses the operator ${JSON.stringify(name)}.`, {
      cause: name,
    });
  }
  return "tflite";
}

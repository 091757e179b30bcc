import { claimLicence } from "../../content/named.js";
import { examineWeights } from "../../content/weights/examine.js";
import { numberType } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import { isZero } from "../../core/source.js";
import { carve } from "../../pickle/streams.js";
import { isObject, JsonProblem, parseDocument } from "../repository/json.js";

/** The limit of the reference implementation. */
const MAX_HEADER = 100_000_000;

const BITS: Record<string, number> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
};

interface Range {
  name: string;
  type: string;
  begin: number;
  end: number;
}

/** safetensors: a length, a JSON header, then tensors that must fill the rest without holes or overlaps. */
export function scanSafetensors(scan: Scan, part: Part): string {
  if (part.source.size < 8) return malformed(scan, part, "the file is shorter than a header");
  const length = Number(part.source.read(0, 8).readBigUInt64LE(0));
  if (length > MAX_HEADER || 8 + length > part.source.size) {
    return malformed(scan, part, "the header is longer than the file");
  }
  const text = part.source.read(8, length).toString("utf8");
  let header: unknown;
  try {
    const document = parseDocument(text);
    header = document.value;
    for (const name of document.duplicates)
      malformed(scan, part, `the key ${JSON.stringify(name)} stands twice`);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return malformed(scan, part, error.message);
  }
  if (!isObject(header)) return malformed(scan, part, "the header is no object");
  if (!text.startsWith("{")) malformed(scan, part, "the header does not begin with a brace");
  checkTensors(scan, part, header, 8 + length);
  return "safetensors";
}

function malformed(scan: Scan, part: Part, why: string): string {
  scan.report("safetensors-malformed", part, `The header breaks the rules: ${why}.`, {
    offset: 8,
    cause: why,
  });
  return "safetensors";
}

function checkTensors(scan: Scan, part: Part, header: Record<string, unknown>, start: number): void {
  const ranges: Range[] = [];
  for (const [name, tensor] of Object.entries(header)) {
    scan.budget.entry();
    if (name === "__metadata__") {
      checkMetadata(scan, part, tensor);
      continue;
    }
    const range = readTensor(name, tensor);
    if (typeof range === "string") malformed(scan, part, range);
    else ranges.push(range);
  }
  const end = start + checkRanges(scan, part, ranges, part.source.size - start);
  if (end < part.source.size) {
    scan.report("trailing-data", part, `${part.source.size - end} bytes follow the last tensor.`, {
      offset: end,
    });
    if (!isZero(part.source, end, 65536)) carve(scan, part, end, part.source.size);
    ranges.push({
      name: "what follows the tensors",
      type: "",
      begin: end - start,
      end: part.source.size - start,
    });
  }
  const { source } = part;
  const tensors = ranges.map(({ name, type, begin, end: last }) => {
    return { name, type: numberType(type), source, offset: start + begin, length: last - begin };
  });
  examineWeights(scan, part, tensors);
}

function checkMetadata(scan: Scan, part: Part, metadata: unknown): void {
  const plain = isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string");
  if (!plain) malformed(scan, part, "the metadata is no map of strings");
  if (isObject(metadata)) claimLicence(scan, part, metadata.license ?? metadata["modelspec.license"]);
}

/** Tensors must follow each other without holes or overlaps; answers where the last one ends. */
function checkRanges(scan: Scan, part: Part, ranges: Range[], available: number): number {
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of ranges) {
    const shown = JSON.stringify(name.slice(0, 100));
    if (begin < at) malformed(scan, part, `the tensor ${shown} overlaps another`);
    else if (begin > at) malformed(scan, part, `bytes before the tensor ${shown} belong to none`);
    if (end > available) malformed(scan, part, `the tensor ${shown} ends beyond the file`);
    at = Math.max(at, end);
  }
  return at;
}

function readTensor(name: string, tensor: unknown): Range | string {
  const shown = JSON.stringify(name.slice(0, 100));
  if (!isObject(tensor)) return `the tensor ${shown} is no object`;
  const { dtype, shape, data_offsets: offsets } = tensor;
  if (typeof dtype !== "string" || !Array.isArray(shape) || !Array.isArray(offsets)) {
    return `the tensor ${shown} lacks its type, shape or offsets`;
  }
  const [begin, end] = offsets as unknown[];
  if (!isCount(begin) || !isCount(end) || offsets.length !== 2 || end < begin) {
    return `the tensor ${shown} has impossible offsets`;
  }
  if (!shape.every(isCount)) return `the tensor ${shown} has an impossible shape`;
  const bits = Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  const elements = (shape as number[]).reduce((product, size) => product * size, 1);
  if (bits !== undefined && Math.ceil((elements * bits) / 8) !== end - begin) {
    return `the tensor ${shown} does not fill its bytes`;
  }
  return { name, type: dtype, begin, end };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

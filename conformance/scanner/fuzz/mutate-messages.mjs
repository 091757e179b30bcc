// Formats that are made of lengths and contents: protobuf as a tree of fields, and headers whose length stands before them.
import { mutateBytes } from "./mutate-bytes.mjs";
import { mutatePickle } from "./mutate-pickle.mjs";
import { mutateJson, mutateTokens } from "./mutate-text.mjs";

function varint(value) {
  const bytes = [];
  let rest = BigInt(Math.max(0, Math.floor(value)));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

function readVarint(data, at) {
  let value = 0;
  for (let shift = 0; shift < 70 && at < data.length; shift += 7) {
    const byte = data[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, at };
  }
  return undefined;
}

/** The fields of a message, undefined when the bytes are none. Contents that read as messages are taken apart as well. */
function parse(data, depth = 0) {
  const fields = [];
  for (let at = 0; at < data.length; ) {
    const tag = readVarint(data, at);
    if (!tag || tag.value < 8 || fields.length > 4000) return undefined;
    const field = { number: Math.floor(tag.value / 8), wire: tag.value % 8 };
    at = tag.at;
    if (field.wire === 0) {
      const number = readVarint(data, at);
      if (!number) return undefined;
      field.value = number.value;
      at = number.at;
    } else {
      const length = field.wire === 2 ? readVarint(data, at) : { value: { 1: 8, 5: 4 }[field.wire], at };
      if (length?.value === undefined || length.at + length.value > data.length) return undefined;
      at = length.at + length.value;
      field.bytes = data.subarray(length.at, at);
      if (field.wire === 2 && depth < 30 && field.bytes.length > 1)
        field.fields = parse(field.bytes, depth + 1);
    }
    fields.push(field);
  }
  return fields;
}

function write(fields) {
  return Buffer.concat(
    fields.flatMap((field) => {
      const tag = varint(field.number * 8 + field.wire);
      if (field.wire === 0) return [tag, varint(field.value)];
      const content = field.fields ? write(field.fields) : field.bytes;
      return field.wire === 2 ? [tag, varint(content.length), content] : [tag, content];
    }),
  );
}

function lists(fields, found = [fields]) {
  for (const field of fields) {
    if (!field.fields || found.length > 500) continue;
    found.push(field.fields);
    lists(field.fields, found);
  }
  return found;
}

function newField(random, context) {
  const number =
    random.chance(4) && context.numbers.length > 0 ? random.pick(context.numbers) || 1 : 1 + random.below(26);
  if (random.chance(4)) return { number, wire: 0, value: random.below(300) };
  return { number, wire: 2, bytes: Buffer.from(random.pick(context.words) ?? "x") };
}

export function mutateProtobuf(random, input, context) {
  const root = random.chance(6) ? undefined : parse(input);
  if (!root || root.length === 0) return mutateBytes(random, input, context);
  const count = 1 + random.below(4);
  for (let i = 0; i < count; i++) changeField(random, lists(root), context);
  return write(root);
}

function changeField(random, all, context) {
  const list = random.pick(all);
  const at = random.below(list.length);
  const field = list[at];
  const other = random.pick(random.pick(all));
  switch (random.below(9)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(at, 0, newField(random, context));
      break;
    case 2:
      if (other) list.splice(at, 0, structuredField(other));
      break;
    case 3:
      if (field) field.number = newField(random, context).number;
      break;
    case 4:
      if (field?.wire === 0) field.value = random.pick([0, 1, 2, 127, 128, 2 ** 31, 2 ** 53]);
      else if (field && !field.fields) field.bytes = Buffer.from(random.pick(context.words) ?? "x");
      break;
    case 5:
      if (field?.bytes && !field.fields) field.bytes = mutateBytes(random, field.bytes, context);
      break;
    case 6:
      if (field?.wire === 2)
        list[at] = { number: newField(random, context).number, wire: 2, fields: [structuredField(field)] };
      break;
    case 7:
      if (field?.fields) list.splice(at, 1, ...field.fields);
      break;
    default:
      if (field?.fields) {
        field.bytes = mutateBytes(random, write(field.fields), context);
        field.fields = undefined;
      }
  }
}

const structuredField = (field) => ({
  ...field,
  ...(field.fields ? { fields: field.fields.map(structuredField) } : {}),
});

/** safetensors: 8 bytes of length, JSON, values. */
export function mutateSafetensors(random, input, context) {
  if (random.chance(4) || input.length < 8) return mutateBytes(random, input, context);
  const length = Math.min(Number(input.readBigUInt64LE(0)), input.length - 8);
  const header = mutateJson(random, input.subarray(8, 8 + length), context);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, header, input.subarray(8 + length)]);
}

/** npy: magic, version, length, a header in Python's notation, values or a pickle. */
export function mutateNpy(random, input, context) {
  const wide = (input[6] ?? 1) >= 2;
  const start = wide ? 12 : 10;
  if (random.chance(4) || input.length < start) return mutateBytes(random, input, context);
  const length = wide ? input.readUInt32LE(8) : input.readUInt16LE(8);
  let header = input.subarray(start, start + length);
  let body = input.subarray(start + length);
  if (random.chance(2)) header = mutateTokens(random, header, context);
  else body = mutatePickle(random, body, context);
  const head = Buffer.from(input.subarray(0, start));
  if (wide) head.writeUInt32LE(header.length, 8);
  else head.writeUInt16LE(header.length & 0xffff, 8);
  return Buffer.concat([head, header, body]);
}

const WIDTHS = [
  { width: 8, big: false },
  { width: 4, big: false },
  { width: 4, big: true },
  { width: 2, big: false },
];
const WINDOW = 1024;

/** Places near `from` where a length and then text of that length stand. */
function prefixed(input, from) {
  const found = [];
  const end = Math.min(input.length - 9, from + WINDOW);
  for (let at = from; at < end; at++) {
    for (const { width, big } of WIDTHS) {
      const length = big ? input.readUInt32BE(at) : input.readUIntLE(at, Math.min(width, 6));
      const start = at + width;
      if (length < 1 || length > 4000 || start + length > input.length) continue;
      if (input[start] < 9 || input[start] > 126 || input[start + length - 1] > 126) continue;
      found.push({ at, width, big, length });
    }
  }
  return found;
}

/** Runs of text that a length precedes (GGUF, Keras in HDF5, R data and others): the text changes, its length with it. */
export function mutatePrefixed(random, input, context) {
  const found = random.chance(2) ? [] : prefixed(input, Math.max(0, random.below(input.length) - WINDOW / 2));
  if (found.length === 0) return mutateBytes(random, input, context);
  const { at, width, big, length } = random.pick(found);
  const old = input.subarray(at + width, at + width + length);
  const text = random.chance(3)
    ? Buffer.from(random.pick(context.words) ?? "x")
    : mutateTokens(random, old, context);
  const prefix = Buffer.alloc(width);
  if (big) prefix.writeUIntBE(text.length, 0, width);
  else prefix.writeUIntLE(text.length, 0, Math.min(width, 6));
  return Buffer.concat([input.subarray(0, at), prefix, text, input.subarray(at + width + length)]);
}

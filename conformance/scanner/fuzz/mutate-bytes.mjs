// Mutations that know nothing of a format: bits, integers of all widths, blocks, words of the parsers' own code.

const NUMBERS = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 24, 31, 32, 63, 64, 100, 127, 128, 255, 256, 512, 1000, 1024, 4095, 4096,
  32767, 65535,
];
const LARGE = [0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

function clampAt(random, data, width) {
  return random.below(Math.max(1, data.length - width + 1));
}

function splice(data, at, remove, ...insert) {
  return Buffer.concat([data.subarray(0, at), ...insert, data.subarray(at + remove)]);
}

const OPERATIONS = [
  function bit(random, data) {
    const at = random.below(data.length);
    data[at] ^= 1 << random.below(8);
    return data;
  },
  function byte(random, data) {
    data[random.below(data.length)] = random.chance(2) ? random.below(256) : random.pick(NUMBERS);
    return data;
  },
  function step(random, data) {
    data[random.below(data.length)] += random.below(9) - 4;
    return data;
  },
  function number(random, data, { numbers }) {
    const width = random.pick([2, 4, 4, 8]);
    if (data.length < width) return data;
    const at = clampAt(random, data, width);
    const pool = random.chance(3) ? LARGE : random.chance(3) && numbers.length > 0 ? numbers : NUMBERS;
    const value = random.pick(pool);
    return writeNumber(data, at, width, value, random.chance(4));
  },
  function nudge(random, data) {
    const width = random.pick([2, 4, 8]);
    if (data.length < width) return data;
    const at = clampAt(random, data, width);
    const big = random.chance(4);
    const read = big ? data.readUIntBE(at, Math.min(width, 4)) : data.readUIntLE(at, Math.min(width, 4));
    return writeNumber(data, at, width, Math.max(0, read + random.below(33) - 16), big);
  },
  function toLength(random, data) {
    if (data.length < 4) return data;
    const at = clampAt(random, data, 4);
    return writeNumber(
      data,
      at,
      4,
      random.pick([data.length, data.length - at, data.length - at - 4, random.below(data.length)]),
      false,
    );
  },
  function remove(random, data) {
    return splice(data, random.below(data.length), 1 + random.below(random.chance(3) ? 200 : 8));
  },
  function insert(random, data) {
    const filler = Buffer.alloc(1 + random.below(random.chance(4) ? 300 : 8), random.below(256));
    return splice(data, random.below(data.length + 1), 0, filler);
  },
  function repeat(random, data) {
    const at = random.below(data.length);
    const block = Buffer.from(data.subarray(at, at + 1 + random.below(64)));
    return splice(
      data,
      random.chance(2) ? at : random.below(data.length),
      0,
      ...new Array(1 + random.below(3)).fill(block),
    );
  },
  function overwrite(random, data) {
    const from = random.below(data.length);
    const length = 1 + random.below(32);
    data.copyWithin(random.below(data.length), from, from + length);
    return data;
  },
  function word(random, data, { words }) {
    if (words.length === 0) return data;
    const text = Buffer.from(random.pick(words));
    const at = random.below(data.length);
    return splice(data, at, random.chance(2) ? text.length : 0, text);
  },
  function borrow(random, data, { other }) {
    const from = other();
    const at = random.below(from.length);
    const block = Buffer.from(from.subarray(at, at + 1 + random.below(128)));
    return splice(data, random.below(data.length), random.chance(2) ? block.length : 0, block);
  },
  function cut(random, data) {
    return random.chance(4) ? Buffer.from(data.subarray(0, 1 + random.below(data.length))) : data;
  },
  function zeros(random, data) {
    const at = random.below(data.length);
    data.fill(0, at, Math.min(data.length, at + 1 + random.below(8)));
    return data;
  },
];

function writeNumber(data, at, width, value, big) {
  const bytes = Math.min(width, data.length - at);
  for (let i = 0; i < bytes; i++) {
    const byte = Math.floor(value / 256 ** i) % 256;
    data[big ? at + bytes - 1 - i : at + i] = byte;
  }
  return data;
}

/** `context` has `words` and `numbers` of the parser, and `other()`: another input of the corpus. */
export function mutateBytes(random, input, context) {
  let data = Buffer.from(input);
  const count = 1 << random.below(4);
  for (let i = 0; i < count; i++) {
    if (data.length === 0) data = Buffer.from([random.below(256)]);
    data = random.pick(OPERATIONS)(random, data, context);
  }
  return data;
}

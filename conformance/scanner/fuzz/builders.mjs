// Pieces of the inputs that are built: messages, containers and headers, byte by byte. Nothing here is ever loaded.

export const hex = (text) => Buffer.from(text.replace(/\s/g, ""), "hex");
export const json = (value) => Buffer.from(JSON.stringify(value));
export const ascii = (text) => Buffer.from(text, "latin1");

/** One protobuf field: a number for a varint, text, bytes or a list of fields for what has a length. */
export function field(number, value) {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  const content = Array.isArray(value) ? Buffer.concat(value) : Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

export function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

export const graph = (op) => [
  field(1, [
    field(1, "n"),
    field(2, op),
    field(3, "in"),
    field(5, [field(1, "dtype"), field(2, [field(6, 1)])]),
  ]),
];

export const layer = (name, config, module = "keras.layers") => ({
  module,
  class_name: name,
  config,
  registered_name: null,
});
export const keras = (...layers) =>
  json(layer("Functional", { name: "m", layers, trainable: true }, "keras"));

export const PAYLOAD = ascii("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.");

/** The header of a program that has nothing in it that could run. */
export function elf(wide) {
  const bytes = Buffer.alloc(160);
  bytes.write(wide ? "\x7fELF\x02\x01\x01" : "\x7fELF\x01\x02\x01", "latin1");
  const u16 = (value, at) => (wide ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at));
  u16(2, 16);
  u16(wide ? 62 : 8, 18);
  if (wide) bytes.writeUInt32LE(1, 20);
  else bytes.writeUInt32BE(1, 20);
  const sizes = wide ? [64, 56, 1, 64] : [52, 32, 1, 40];
  sizes.forEach((value, index) => void u16(value, (wide ? 52 : 40) + 2 * index));
  return bytes;
}

export { portableExecutable as portable } from "../../../packages/scanner/dist/content/testing.js";

export const u32 = (...values) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => void bytes.writeUInt32LE(value >>> 0, 4 * index));
  return bytes;
};

/** A GGML file's tokens, with scores where there is a version, and two tensors. */
export function ggmlTail(tokens, score, aligned) {
  const words = Array.from({ length: tokens }, (_, i) =>
    Buffer.concat([u32(1), Buffer.from([65 + (i % 26)]), Buffer.alloc(score)]),
  );
  const tensor = (name, at) => {
    const head = Buffer.concat([u32(2, name.length, 0, 2, 2), ascii(name)]);
    const padding = aligned ? Buffer.alloc((32 - ((at + head.length) % 32)) % 32) : Buffer.alloc(0);
    return Buffer.concat([head, padding, Buffer.alloc(16)]);
  };
  return { words: Buffer.concat(words), tensor };
}

export function llama(magic, version) {
  const head = Buffer.concat([
    ascii(magic),
    version ? u32(version) : Buffer.alloc(0),
    u32(256, 32, 256, 4, 1, 8, 0),
  ]);
  const { words, tensor } = ggmlTail(256, version ? 4 : 0, magic === "tjgg");
  const start = Buffer.concat([head, words]);
  const first = tensor("a.weight", start.length);
  return Buffer.concat([start, first, tensor("b.weight", start.length + first.length)]);
}

export function whisper() {
  const head = Buffer.concat([
    ascii("lmgg"),
    u32(51864, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1, 80, 201),
    Buffer.alloc(4 * 80 * 201),
  ]);
  const { words, tensor } = ggmlTail(2, 0, false);
  return Buffer.concat([head, u32(2), words, tensor("a", 0)]);
}

/** Numbers that no trained model has, in every width. */
export function oddNumbers(code, width, values) {
  const header = `${`{'descr': '<${code}', 'fortran_order': False, 'shape': (${values.length * 30},), }`.padEnd(117)}\n`;
  const bytes = Buffer.alloc(values.length * width * 30);
  for (let at = 0; at < bytes.length; at += width)
    bytes.writeUIntBE(values[(at / width) % values.length], at, Math.min(width, 6));
  return Buffer.concat([
    ascii("\x93NUMPY\x01\x00\x76\x00"),
    ascii(header),
    width > 1 ? swapped(bytes, width) : bytes,
  ]);
}

export const swapped = (bytes, width) =>
  width === 8 ? bytes.swap64() : width === 4 ? bytes.swap32() : bytes.swap16();

export function bfloat() {
  const header = json({
    a: { dtype: "BF16", shape: [64], data_offsets: [0, 128] },
    b: { dtype: "F64", shape: [4], data_offsets: [128, 160] },
    c: { dtype: "F16", shape: [4], data_offsets: [160, 168] },
  });
  const data = Buffer.alloc(168);
  [0x7f80, 0x7fc0, 0xff80, 0x6000, 0, 0x3f80].forEach(
    (value, index) => void data.writeUInt16LE(value, 2 * index),
  );
  [Number.NaN, Number.POSITIVE_INFINITY, 1e40, 0].forEach(
    (value, index) => void data.writeDoubleLE(value, 128 + 8 * index),
  );
  return Buffer.concat([u32(header.length, 0), header, data]);
}

export const TEMPLATE = `{%- macro m(a, b=1, *c, **d) -%}{{ a }}{{ caller() }}{%- endmacro -%}{% call(x) m(1, b=2) %}{{ x }}{% endcall %}
{% import 'a.j2' as l %}{% from 'b' import c as d with context %}{% include ['x', 'y'] ignore missing %}{% extends "base" %}
{% set ns = namespace(found=false, n=0) %}{% set ns.found = true %}{% set a, b = 1, [2] %}{% set t %}{{ x | upper }}{% endset %}
{% for k, v in messages.items() recursive if v is defined and not v is none %}{{ loop.index0 ~ k[1:-1:2] }}{% else %}none{% endfor %}
{% for i in range(3) %}{% if i % 2 == 0 %}{% continue %}{% elif i > 2 or i in [1, 2] %}{% break %}{% endif %}{% endfor %}
{% filter upper %}text{% endfilter %}{% with a = 1, b = 2 %}{{ a + b ** 2 // 3 }}{% endwith %}{% autoescape true %}{{ x }}{% endautoescape %}
{% do ns.update({'a': 1, "b": [1, 2.5e3, (3,)]}) %}{% block b scoped %}{{ super() }}{% endblock b %}{% generation %}{{ x }}{% endgeneration %}
{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | list | join(', ') | replace('a', 'b') | default('x', true) | tojson(indent=2) }}
{{ ('_' * 2 ~ 'class' ~ '__') | string | reverse | first | int(1) | format(1) }}{{ dict(a=1) | dictsort | items | batch(2) | sum }}
{{ '%s' % x }}{{ '{0.__class__}'.format(x) }}{{ x['__cla' 'ss__']['mro'] }}{{ (x|attr('__init__')).__globals__ if y else 'z' }}{{ raise_exception("no") }}
{{ strftime_now('%Y') }}{{ cycler('a').next() }}{{ joiner(',')() }}{{ self._TemplateReference__context }}{{ [''] | map('attr', 'x') }}{# c #}{% raw %}{{ r }}{% endraw %}`;

export function rar4(name, data, method, flags) {
  const head = Buffer.alloc(32);
  head[2] = 0x74;
  head.writeUInt16LE(0x8000 | flags, 3);
  head.writeUInt16LE(32 + name.length, 5);
  head.writeUInt32LE(data.length, 7);
  head.writeUInt32LE(data.length, 11);
  head[25] = method;
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, ascii(name), data]);
}

export function rar5(name, data, method, flags, extra) {
  const fields = [
    0x02,
    flags,
    ...(flags & 1 ? [extra.length] : []),
    data.length,
    0,
    data.length,
    0x20,
    method,
    0,
    name.length,
  ];
  const size = fields.length + name.length + extra.length + (method > 127 ? 1 : 0);
  const bytes = fields.flatMap((value) => (value > 127 ? [(value & 127) | 128, value >> 7] : [value]));
  return Buffer.concat([Buffer.alloc(4), Buffer.from([size]), Buffer.from(bytes), ascii(name), extra, data]);
}

export function cpio(magic, name, data) {
  const one = (title, content) => {
    const fresh = magic !== "070707";
    const number = (value, width) => value.toString(fresh ? 16 : 8).padStart(width, "0");
    const fields = fresh
      ? [1, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, title.length + 1, 0].map((value) =>
          number(value, 8),
        )
      : [
          ...[0, 1, 0o100644, 0, 0, 1, 0].map((value) => number(value, 6)),
          number(0, 11),
          number(title.length + 1, 6),
          number(content.length, 11),
        ];
    const head = ascii(`${magic}${fields.join("")}${title}\0`);
    const fill = (bytes) => (fresh ? Buffer.alloc((4 - (bytes.length % 4)) % 4) : Buffer.alloc(0));
    return Buffer.concat([head, fill(head), content, fill(content)]);
  };
  return Buffer.concat([one(name, data), one("TRAILER!!!", Buffer.alloc(0))]);
}

export function ar(name, data) {
  const head = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"644".padEnd(8)}${String(data.length).padEnd(10)}\`\n`;
  return Buffer.concat([ascii(head), data, Buffer.alloc(data.length % 2, 10)]);
}

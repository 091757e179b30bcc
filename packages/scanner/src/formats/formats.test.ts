import { describe, expect, it } from "vitest";
import type { FileReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, PAYLOAD, u32, u64, zip } from "../testing/assemble.js";
import { sample } from "../testing/samples.js";

function rules(data: Uint8Array | string, name: string): string[] {
  return scan(data, name).findings.map(({ rule }) => rule);
}

function scan(data: Uint8Array | string, name: string): FileReport {
  return scanBytes(typeof data === "string" ? Buffer.from(data) : data, name);
}

function safetensors(header: object | string, data: Uint8Array = Buffer.alloc(4)): Buffer {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  return bytes(u64(text.length), text, data);
}

const TENSOR = { dtype: "F32", shape: [1], data_offsets: [0, 4] };

describe("safetensors", () => {
  it("takes a good file for clean", () =>
    expect(scan(safetensors({ a: TENSOR }), "m.safetensors").verdict).toBe("clean"));
  it.each([
    ["an overlap", { a: TENSOR, b: TENSOR }],
    ["a hole", { a: { ...TENSOR, data_offsets: [2, 6] } }],
    ["a tensor beyond the end", { a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }],
    ["a shape that does not fit", { a: { ...TENSOR, shape: [3] } }],
    ["offsets that are no numbers", { a: { ...TENSOR, data_offsets: ["0", 4] } }],
    ["metadata that is no map of strings", { __metadata__: { a: 1 }, b: TENSOR }],
  ])("reports %s", (_, header) =>
    expect(rules(safetensors(header), "m.safetensors")).toContain("safetensors-malformed"),
  );
  it("reports a key that stands twice", () => {
    const text = `{"a":${JSON.stringify(TENSOR)},"a":${JSON.stringify(TENSOR)}}`;
    expect(rules(safetensors(text), "m.safetensors")).toContain("safetensors-malformed");
  });
  it("reports bytes behind the tensors, and a pickle among them", () => {
    const found = rules(safetensors({ a: TENSOR }, bytes(Buffer.alloc(4), PAYLOAD)), "m.safetensors");
    expect(found).toEqual(expect.arrayContaining(["trailing-data", "hidden-pickle"]));
  });
});

function npy(descr: string, shape: string, data: Uint8Array): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;
  return bytes("\x93NUMPY\x01\x00", header.length & 255, header.length >> 8, header, data);
}

describe("npy", () => {
  it("takes numbers for clean", () =>
    expect(scan(npy("'<f8'", "(1,)", Buffer.alloc(8)), "a.npy").verdict).toBe("clean"));
  it("scans objects", () => expect(scan(npy("'|O'", "(1,)", PAYLOAD), "a.npy").verdict).toBe("malicious"));
  it("scans objects inside records", () => {
    expect(scan(npy("[('a', '<i4'), ('b', '|O')]", "(1,)", PAYLOAD), "a.npy").verdict).toBe("malicious");
  });
  it("scans a file without the magic number", () => expect(scan(PAYLOAD, "a.npy").verdict).toBe("malicious"));
  it("reports a pickle in the place of numbers", () => {
    expect(rules(npy("'<f8'", "(4,)", PAYLOAD), "a.npy")).toContain("hidden-pickle");
  });
  it("scans npz members without the suffix", () => {
    expect(scan(zip({ name: "a", data: npy("'|O'", "(1,)", PAYLOAD) }), "a.npz").verdict).toBe("malicious");
  });
});

function field(number: number, content: Uint8Array | string): Buffer {
  const data = typeof content === "string" ? Buffer.from(content) : content;
  return bytes((number << 3) | 2, ...varint(data.length), data);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

function externalTensor(location: string): Buffer {
  return bytes(field(8, "W"), field(13, bytes(field(1, "location"), field(2, location))));
}

function onnx(graph: Uint8Array): Buffer {
  return bytes(0x08, 8, field(7, graph), field(8, bytes(0x10, 17)));
}

describe("onnx", () => {
  it.each(["../../etc/passwd", "/etc/passwd", "..\\x", "a/../../b", "C:\\x", "http://x/y"])(
    "alarms at %s",
    (location) => {
      expect(rules(onnx(field(5, externalTensor(location))), "m.onnx")).toContain("external-data-escape");
    },
  );
  it("accepts data beside the model", () => {
    expect(scan(onnx(field(5, externalTensor("weights.bin"))), "m.onnx").verdict).toBe("clean");
  });
  it("looks into subgraphs of attributes", () => {
    const inner = field(1, bytes(field(4, "Constant"), field(5, field(5, externalTensor("../x")))));
    const outer = field(1, bytes(field(4, "If"), field(5, field(6, inner))));
    expect(rules(onnx(outer), "m.onnx")).toContain("external-data-escape");
  });
  it("notes operators of another domain and alarms at Python ones", () => {
    expect(rules(onnx(field(1, bytes(field(4, "Magic"), field(7, "my.ops")))), "m.onnx")).toContain(
      "onnx-custom-operator",
    );
    expect(scan(onnx(field(1, bytes(field(4, "PyOp"), field(7, "my.ops")))), "m.onnx").verdict).toBe(
      "malicious",
    );
  });
});

function gguf(key: string, value: string): Buffer {
  return bytes("GGUF", u32(3), u64(0), u64(1), u64(key.length), key, u32(8), u64(value.length), value);
}

describe("templates", () => {
  it.each([
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ (lipsum|attr('__gl'~'obals__'))['o'~'s']|attr('popen')('id') }}",
    "{{ ()|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ''['__cla' 'ss__'] }}",
    "{{ x|attr(['__cl','ass__']|join) }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "{{ self._TemplateReference__context.cycler.__init__ }}",
    "{% set a = joiner.__init__ %}",
  ])("alarms at %s", (template) =>
    expect(scan(gguf("tokenizer.chat_template", template), "m.gguf").verdict).toBe("malicious"),
  );
  it.each([
    "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}",
    "{% set ns = namespace(found=false) %}{% if ns.found %}{{ raise_exception('no __class__ here'[:2]) }}{% endif %}",
    "# __class__ outside of expressions is text {{ bos_token }}",
    "{% if message['tool_calls'] is defined %}{{ message.content | trim | tojson }}{% endif %}",
  ])("lets %s pass", (template) =>
    expect(scan(gguf("tokenizer.chat_template", template), "m.gguf").verdict).not.toBe("malicious"),
  );
  it("finds templates in tokenizer configurations", () => {
    const config = { chat_template: [{ name: "default", template: "{{ ''.__class__ }}" }] };
    expect(scan(JSON.stringify(config), "tokenizer_config.json").verdict).toBe("malicious");
  });
});

describe("gguf", () => {
  it("may be big-endian, as the gguf package writes it for s390x", () => {
    const report = scanBytes(sample("big.gguf"), "big.gguf");
    expect(report).toMatchObject({ format: "gguf", verdict: "clean", licences: [{ licence: "MIT" }] });
  });
  it("finds templates in big-endian files too", () => {
    const swapped = (data: Buffer): Buffer => Buffer.from(data).reverse();
    const [key, template] = ["tokenizer.chat_template", "{{ ''.__class__ }}"];
    const pair = [swapped(u64(key.length)), key, swapped(u32(8)), swapped(u64(template.length)), template];
    const data = bytes("GGUF", swapped(u32(3)), u64(0), swapped(u64(1)), ...pair);
    expect(scan(data, "m.gguf").verdict).toBe("malicious");
  });
  it.each([
    ["a key count beyond the file", bytes("GGUF", u32(3), u64(0), u64(1000))],
    ["a string beyond the file", bytes("GGUF", u32(3), u64(0), u64(1), u64(2n ** 60n))],
    ["an unknown type", bytes("GGUF", u32(3), u64(0), u64(1), u64(1), "a", u32(99))],
  ])("reports %s", (_, data) => expect(rules(data, "m.gguf")).toContain("gguf-malformed"));
  it("holds nothing behind its tensors but padding", () => {
    const none = bytes("GGUF", u32(3), u64(0), u64(0));
    expect(rules(bytes(none, Buffer.alloc(64)), "m.gguf")).toEqual([]);
    expect(rules(bytes(none, Buffer.alloc(64), PAYLOAD), "m.gguf")).toContain("hidden-pickle");
    const big = sample("big.gguf");
    expect(rules(bytes(big, Buffer.alloc(64), PAYLOAD), "big.gguf")).toContain("hidden-pickle");
  });
});

const layer = (extra: object): object => ({
  module: "keras.layers",
  class_name: "Dense",
  config: { units: 1 },
  ...extra,
});

function keras(...layers: object[]): Buffer {
  const config = { module: "keras", class_name: "Sequential", config: { layers }, registered_name: null };
  return zip(
    { name: "metadata.json", data: Buffer.from('{"keras_version":"3.8.0"}') },
    { name: "config.json", data: Buffer.from(JSON.stringify(config)) },
  );
}

describe("keras", () => {
  it("takes layers for clean", () => expect(scan(keras(layer({})), "m.keras").verdict).toBe("clean"));
  it.each([
    [
      "a lambda",
      { class_name: "Lambda", config: { function: { class_name: "__lambda__", config: { code: "4wEA" } } } },
    ],
    ["a function of keras.utils", { module: "keras.utils", class_name: "function", config: "get_file" }],
    ["a class of another package", { module: "os", class_name: "system", config: "ls" }],
    ["a layer that loads a model", { class_name: "TFSMLayer", config: { filepath: "/tmp/x" } }],
    ["a vocabulary that is a path", { class_name: "StringLookup", config: { vocabulary: "/etc/passwd" } }],
  ])("alarms at %s", (_, extra) => expect(scan(keras(layer(extra)), "m.keras").verdict).toBe("malicious"));
  it("looks into wrappers", () => {
    const wrapped = layer({
      class_name: "TimeDistributed",
      config: { layer: layer({ class_name: "Lambda" }) },
    });
    expect(scan(keras(wrapped), "m.keras").verdict).toBe("malicious");
  });
});

describe("configurations and text", () => {
  it("alarms at _target_", () => {
    expect(rules("model:\n  _target_: subprocess.run\n", "model_config.yaml")).toContain(
      "config-instantiate",
    );
    expect(rules('{"a":{"_target_":"os.system"}}', "config.json")).toContain("config-instantiate");
    expect(scan('{"_target_":"nemo.collections.asr.models.Model"}', "config.json").verdict).toBe("clean");
  });
  it("reports auto_map", () => {
    expect(rules('{"auto_map":{"AutoModel":"modeling.Model"}}', "config.json")).toContain(
      "config-remote-code",
    );
  });
  it("alarms at YAML objects", () => {
    expect(scan("a: !!python/object/apply:os.system ['id']", "a.yaml").verdict).toBe("malicious");
  });
  it("tells what runs on import from what waits to be called", () => {
    expect(scan("import os\nos.system('id')\n", "modeling.py").verdict).toBe("malicious");
    expect(scan("import os\ndef f():\n    os.system('id')\n", "modeling.py").verdict).toBe("clean");
    expect(scan('"""os.system(1)"""\nx = 1  # os.system(1)\n', "modeling.py").verdict).toBe("clean");
  });
  it("alarms at entities in PMML", () => {
    const text =
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><PMML>&e;</PMML>';
    expect(scan(text, "m.pmml").verdict).toBe("malicious");
  });
  it("calls a pickle in data's clothes a lie", () => {
    expect(rules(bytes(0x80, 2, "N."), "m.safetensors")).toContain("extension-lie");
  });
  it("leaves ordinary text alone", () => {
    for (const text of [
      "hello",
      "cos is a function\nof an angle\n",
      "(a) b",
      "import os",
      "",
      "N.B. text",
      "cos\nsin\ntan\n",
      "code\nrun\n",
    ]) {
      expect(scan(text, "README.md").verdict).toBe("clean");
    }
  });
});

describe("legacy torch", () => {
  const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e", "hex");
  it.each([
    ["the fourth stream", bytes(magic, PAYLOAD, 0x80, 2, "].")],
    ["the fifth stream", bytes(magic, 0x80, 2, "}.", PAYLOAD)],
  ])("scans %s", (_, data) => expect(scan(data, "m.pt").verdict).toBe("malicious"));
  it("reports bytes that belong to no storage", () => {
    expect(rules(bytes(magic, 0x80, 2, "}.", 0x80, 2, "].", PAYLOAD), "m.pt")).toContain("hidden-pickle");
  });
});

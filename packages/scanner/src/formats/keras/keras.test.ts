import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, zip } from "../../testing/assemble.js";

const archive = (config: string | Uint8Array): Buffer =>
  zip(
    { name: "metadata.json", data: Buffer.from('{"keras_version":"3.8.0"}') },
    { name: "config.json", data: typeof config === "string" ? Buffer.from(config) : Buffer.from(config) },
  );
const verdict = (config: unknown): string => scanBytes(archive(JSON.stringify(config)), "m.keras").verdict;
const sequential = (...layers: unknown[]): object => ({
  module: "keras",
  class_name: "Sequential",
  config: { name: "s", layers },
  registered_name: null,
});
const fn = (module: string, config: string): object => ({
  module,
  class_name: "function",
  config,
  registered_name: config,
});
const named = (module: string, class_name: string, config: object = {}): object => ({
  module,
  class_name,
  config,
  registered_name: null,
});
const LAMBDA = { class_name: "__lambda__", config: { value: "4wEA" } };

describe("Keras configurations", () => {
  it.each([
    ["CVE-2025-1550: a function of any module", sequential(fn("os", "system"))],
    ["CVE-2025-8747: a function that downloads", sequential(fn("keras.utils", "get_file"))],
    [
      "CVE-2025-9906: a function that switches safe mode off",
      sequential(fn("keras.config", "enable_unsafe_deserialization")),
    ],
    ["its second form", sequential(fn("keras.src.backend.common.global_state", "set_global_attribute"))],
    ["its third form", sequential(fn("keras.models", "load_model"))],
    ["bytecode by Keras' own loader", sequential(fn("keras.src.utils.python_utils", "func_load"))],
    [
      "CVE-2025-49655",
      sequential(named("keras.src.utils.torch_utils", "TorchModuleWrapper", { module: "gAAu" })),
    ],
    ["CVE-2026-1462", sequential(named("keras.layers", "TFSMLayer", { filepath: "/x" }))],
    ["CVE-2025-12058", sequential(named("keras.layers", "TextVectorization", { vocabulary: "/etc/passwd" }))],
    [
      "a class specification of another module",
      {
        class_name: "__typespec__",
        spec_name: "Popen",
        module: "subprocess",
        config: [],
        registered_name: "x",
      },
    ],
    ["a list in place of a model", [sequential(LAMBDA)]],
    ["a plain object around the model", { a: { b: sequential(LAMBDA) } }],
    [
      "a call of TensorFlow that writes",
      sequential({ class_name: "TFOpLambda", config: { function: "io.write_file" } }),
    ],
    [
      "a class as function",
      sequential({ module: "subprocess", class_name: "Popen", config: {}, registered_name: "Popen" }),
    ],
  ])("alarms at %s", (_, config) => expect(verdict(config)).toBe("malicious"));

  it("reads what Python's json reads: UTF-16, the last of two keys and the first", () => {
    const text = JSON.stringify(sequential(LAMBDA));
    const wide = bytes(0xff, 0xfe, Buffer.from(text, "utf16le"));
    expect(scanBytes(archive(wide), "m.keras").verdict).toBe("malicious");
    expect(scanBytes(archive(Buffer.from(text, "utf16le")), "m.keras").verdict).toBe("malicious");
    expect(scanBytes(archive(`{"a":${text},"a":1}`), "m.keras").verdict).toBe("malicious");
    expect(scanBytes(archive(`{"n":${"1".repeat(3000)},"a":${text}}`), "m.keras").verdict).toBe("malicious");
    expect(scanBytes(archive(`${"[".repeat(900)}${text}${"]".repeat(900)}`), "m.keras").verdict).toBe(
      "malicious",
    );
    expect(scanBytes(archive(`${"[".repeat(5000)}${text}${"]".repeat(5000)}`), "m.keras").verdict).toBe(
      "incomplete",
    );
  });

  it.each([
    [
      "layers of keras.applications",
      sequential(named("keras.src.applications.convnext", "LayerScale", { projection_dim: 1 })),
    ],
    [
      "losses and metrics by name",
      {
        ...sequential(),
        compile_config: {
          loss: fn("builtins", "categorical_crossentropy"),
          metrics: [fn("keras.metrics", "accuracy")],
        },
      },
    ],
    [
      "a Lambda of Keras' own function",
      sequential(named("keras.layers", "Lambda", { function: fn("keras.ops", "relu") })),
    ],
    [
      "classes of KerasHub",
      sequential({
        module: "keras_hub.src.models.bert.bert_backbone",
        class_name: "BertBackbone",
        config: {},
        registered_name: "keras_hub>BertBackbone",
      }),
    ],
    [
      "a vocabulary of 300,000 words",
      sequential(
        named("keras.layers", "StringLookup", {
          vocabulary: Array.from({ length: 300_000 }, (_, at) => `w${at}`),
        }),
      ),
    ],
    [
      "TensorFlow's arithmetic",
      sequential({ class_name: "TFOpLambda", config: { function: "math.multiply" } }),
    ],
  ])("takes %s for clean", (_, config) => expect(verdict(config)).toBe("clean"));

  it("says of classes that a user registered that they are needed", () => {
    expect(
      verdict(
        sequential({ module: "my.layers", class_name: "Mine", config: {}, registered_name: "my>Mine" }),
      ),
    ).toBe("suspicious");
    expect(
      verdict(
        sequential(named("keras.layers", "Lambda", { function: "my_function", function_type: "function" })),
      ),
    ).toBe("suspicious");
  });
  it.each([
    ["os", "system", "malicious"],
    ["subprocess", "getoutput", "malicious"],
    ["os.path", "expanduser", "malicious"],
    ["tensorflow.python.ops.nn_ops", "relu", "suspicious"],
    ["__main__", "scale", "suspicious"],
  ])("looks up the function of an old Lambda in %s", (module, name, expected) => {
    const config = { function: name, function_type: "function", module, arguments: {} };
    expect(verdict(sequential(named("keras.layers", "Lambda", config)))).toBe(expected);
  });

  it("does not call the configuration of a model a lie about its extension", () => {
    expect(scanBytes(Buffer.from(JSON.stringify(sequential())), "model.json")).toMatchObject({
      verdict: "clean",
      format: "keras-config",
    });
  });
});

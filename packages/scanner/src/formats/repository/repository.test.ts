import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";

const scan = (value: unknown, name = "config.json"): FileReport =>
  scanBytes(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), name);
const verdict = (value: unknown, name?: string): string => scan(value, name).verdict;
const rules = (value: unknown, name?: string): string[] => scan(value, name).findings.map(({ rule }) => rule);

describe("configurations of a repository", () => {
  it("alarms at code that is fetched although the caller forbids it", () => {
    expect(rules({ model_type: "llama", _attn_implementation_internal: "someone/kernel" })).toEqual([
      "config-hub-code",
    ]);
    expect(rules({ text_config: { _attn_implementation_internal: "someone/kernel" } })).toEqual([
      "config-hub-code",
    ]);
    expect(rules({ model_type: "lightglue", trust_remote_code: true })).toEqual(["config-hub-code"]);
    expect(
      verdict({
        model_type: "llama",
        _attn_implementation_internal: "sdpa",
        _attn_implementation: "flash_attention_2",
      }),
    ).toBe("clean");
  });
  it("names the code of tokenizers, which come in pairs", () => {
    const { findings } = scan({ auto_map: { AutoTokenizer: ["tokenization_x.Mine", null] } });
    expect(findings.map(({ message }) => message)).toEqual([
      "auto_map names code to import: tokenization_x.Mine.",
    ]);
  });
  it("alarms at names of Python's own that a loader would import", () => {
    expect(
      verdict({ auto_mapping: { parent_library: "os", base_model_class: "system" } }, "adapter_config.json"),
    ).toBe("malicious");
    expect(
      verdict(
        {
          auto_mapping: {
            parent_library: "transformers.models.llama.modeling_llama",
            base_model_class: "LlamaForCausalLM",
          },
          megatron_core: "megatron.core",
        },
        "adapter_config.json",
      ),
    ).toBe("clean");
    expect(
      verdict({ _class_name: "X", _diffusers_version: "0.30", unet: ["os", "system"] }, "model_index.json"),
    ).toBe("malicious");
    expect(
      verdict(
        {
          _class_name: "X",
          _diffusers_version: "0.30",
          unet: ["diffusers", "UNet2DConditionModel"],
          safety_checker: [null, null],
        },
        "model_index.json",
      ),
    ).toBe("clean");
    expect(verdict([{ idx: 0, name: "0", path: "", type: "os.system" }], "modules.json")).toBe("malicious");
    expect(
      verdict(
        [{ idx: 0, name: "0", path: "", type: "sentence_transformers.models.Transformer" }],
        "modules.json",
      ),
    ).toBe("clean");
  });
  it("says which configurations bring code of their own", () => {
    expect(
      rules({ _class_name: ["pipeline", "Mine"], _diffusers_version: "0.30" }, "model_index.json"),
    ).toEqual(["config-remote-code"]);
    expect(rules([{ idx: 0, name: "0", path: "", type: "custom_st.Transformer" }], "modules.json")).toEqual([
      "config-remote-code",
    ]);
  });
  it("finds a template behind a million words of a vocabulary", () => {
    const vocab = Object.fromEntries(Array.from({ length: 600_000 }, (_, at) => [`w${at}`, at]));
    expect(verdict({ chat_template: "{{ ''.__class__ }}", model: { vocab } }, "tokenizer_config.json")).toBe(
      "malicious",
    );
    expect(verdict({ model: { vocab } }, "tokenizer.json")).toBe("clean");
  });
  it("reads a template file whose first character is a brace", () => {
    expect(verdict("{% set a = cycler.__init__ %}", "chat_template.jinja")).toBe("malicious");
    expect(verdict("{%- for m in messages %}{{ m.content }}{% endfor %}", "chat_template.jinja")).toBe(
      "clean",
    );
  });
});

describe("text beside a model", () => {
  it("alarms at the second tag as at the first", () => {
    expect(
      verdict("a: !!python/object:foo.Bar {}\nb: !!python/object/apply:os.system ['id']", "a.yaml"),
    ).toBe("malicious");
  });
  it("lets numbers be computed and functions be named", () => {
    expect(
      verdict('a: !!python/object/apply:eval ["[x, x * 2**(1.0/3)] for x in [32, 64]]"]', "a.yaml"),
    ).toBe("clean");
    expect(verdict('a: !!python/object/apply:eval ["os.system(1)"]', "a.yaml")).toBe("malicious");
    expect(verdict("a: !!python/name:material.extensions.emoji.twemoji", "mkdocs.yml")).toBe("clean");
    expect(verdict("a: !!python/name:os.system", "a.yaml")).toBe("malicious");
  });
  it("alarms at lines of a site path that run, and not at those of installers", () => {
    expect(verdict("import os; os.system('id')\n", "evil.pth")).toBe("malicious");
    const installer =
      "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim();\n";
    expect(verdict(installer, "distutils-precedence.pth")).toBe("clean");
    expect(
      verdict("/usr/lib/python3\nimport __editable___x_finder; __editable___x_finder.install()\n", "x.pth"),
    ).toBe("clean");
  });
  it("notes where packages come from", () => {
    const found = scan(
      "torch==2.4\n--extra-index-url https://download.pytorch.org/whl/cpu\ngit+https://github.com/a/b\n",
      "requirements.txt",
    );
    expect(found).toMatchObject({ verdict: "clean", findings: [{ rule: "requirements-source" }] });
    expect(rules("torch==2.4\nnumpy\n", "requirements.txt")).toEqual([]);
  });
});

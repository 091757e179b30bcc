import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const yaml = (text: string): string => scanBytes(Buffer.from(text), "config.yaml").verdict;
const both = (target: string): string[] => [
  yaml(`x:\n  _target_: ${target}\n  a: 1\n`),
  scanBytes(Buffer.from(JSON.stringify({ x: { class_path: target, init_args: {} } })), "config.json").verdict,
];

/** Written by Hydra 1.3 beside every run, and instantiated by the templates and examples of their libraries. */
const ORDINARY = [
  "hydra._internal.core_plugins.basic_launcher.BasicLauncher",
  "hydra._internal.core_plugins.basic_sweeper.BasicSweeper",
  "hydra_plugins.hydra_joblib_launcher.joblib_launcher.JoblibLauncher",
  "hydra.experimental.callbacks.LogJobReturnCallback",
  "torchvision.datasets.FashionMNIST",
  "sklearn.datasets.fetch_openml",
  "datasets.load_dataset",
  "transformers.AutoTokenizer.from_pretrained",
  "transformers.Trainer",
  "sentence_transformers.SentenceTransformer",
  "pytorch_lightning.loggers.WandbLogger",
  "lightning.pytorch.callbacks.ModelCheckpoint",
  "tensorflow.keras.optimizers.Adam",
  "mlflow.start_run",
  "pandas.read_csv",
  "gymnasium.make",
  "torch.compile",
  "torch.optim.AdamW",
  "os.path.join",
  "time.strftime",
];

const ACTING = [
  "os.system",
  "subprocess.Popen",
  "builtins.exec",
  "eval",
  "shutil.rmtree",
  "os.path.os.system",
  "transformers.Trainer.__init__.__globals__",
  "transformers.dynamic_module_utils.get_class_from_dynamic_module",
  "datasets.load.os.system",
  "pandas.io.common.os.system",
  "torchvision.datasets.utils.os.system",
  "sklearn.datasets._base.os.remove",
  "logging.FileHandler",
  "runpy.run_path",
  "keras.layers.os.system",
];

describe("what a configuration calls", () => {
  it.each(ORDINARY)("may be %s", (target) => expect(both(target)).toEqual(["clean", "clean"]));
  it.each(ACTING)("may not be %s", (target) => expect(both(target)).toEqual(["malicious", "malicious"]));
  it("is told when it loads another file or repository", () => {
    expect(both("torch.hub.load")).toEqual(["suspicious", "suspicious"]);
    expect(both("joblib.load")).toEqual(["suspicious", "suspicious"]);
  });
  it("is what a target that only finds names is to find", () => {
    const found = (path: string): string => yaml(`f:\n  _target_: hydra.utils.get_method\n  path: ${path}\n`);
    expect(found("torch.nn.functional.relu")).toBe("clean");
    expect(found("os.system")).toBe("malicious");
    expect(yaml("{_target_: hydra.utils.get_object, path: 'subprocess.run'}")).toBe("malicious");
  });
});

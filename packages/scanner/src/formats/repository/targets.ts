import { classify } from "../../globals/classify.js";
import type { Judgement } from "../../globals/judgement.js";
import { STDLIB } from "../../globals/stdlib-modules.js";

/**
 * What configurations of honest programs call, though no pickle needs it: their runs read data sets, fetch weights and write
 * logs. Given data alone, none of these runs what the file supplies.
 * Sources: Hydra 1.3, the templates of Lightning and NeMo 2.0, and what their documentation instantiates.
 */
const ORDINARY: readonly RegExp[] = [
  // Stands in `.hydra/hydra.yaml`, which Hydra writes beside the results of every run.
  /^hydra\._internal\.(core_plugins\.basic_(launcher|sweeper)\.)?Basic(Launcher|Sweeper)$/,
  /^hydra\.experimental\.(pickle_job_info_callback|callbacks?)\.\w+$/,
  /^(torchvision|torchaudio|torchtext|torch_geometric|sklearn|keras|tensorflow\.keras)\.datasets(\.\w+)?\.\w+$/,
  /^datasets\.(load_dataset|load_from_disk|load_metric|concatenate_datasets|(arrow_dataset\.)?Dataset\.from_\w+)$/,
  /^(transformers|diffusers|sentence_transformers|peft)\.[A-Z]\w*(\.from_(pretrained|config))?$/,
  /^transformers\.(pipeline|get_\w*schedule\w*)$/,
  /^(pytorch_lightning|lightning(\.(pytorch|fabric))?)\.(loggers|callbacks|strategies|profilers?|plugins|accelerators|tuner)(\.\w+)*\.[A-Z]\w*$/,
  /^(tensorflow\.)?keras\.(optimizers|losses|metrics|layers|callbacks|regularizers|initializers|activations|constraints|applications)(\.\w+)?\.\w+$/,
  /^mlflow\.(start_run|autolog|(set|log|get)_\w+|\w+\.autolog)$/,
  /^pandas\.read_(csv|table|fwf|parquet|feather|orc|json|excel)$/,
  /^(pyarrow\.(parquet|feather|dataset)\.\w+|polars\.(read|scan)_\w+)$/,
  /^(gym|gymnasium)\.(make|make_vec|vector\.make)$/,
  /^torch\.(compile|profiler\.\w+)$/,
  /^(os\.(path\.\w+|cpu_count|getcwd|getenv)|multiprocessing\.cpu_count|tempfile\.(mkdtemp|gettempdir))$/,
  /^(time\.(time|strftime|sleep|monotonic|perf_counter)|json\.(loads|dumps)|platform\.(node|system|machine))$/,
  /^logging\.(getLogger|Formatter|Logger|StreamHandler|NullHandler)$/,
];

/** Loads what a file or a repository elsewhere holds, which is examined where it lies. */
const LOADS =
  /^(torch\.(hub\.load|load|jit\.load)|joblib\.load|pandas\.read_pickle|numpy\.load|keras\.(models|saving)\.load_model|tensorflow\.keras\.models\.load_model|mlflow\.\w+\.load_model)$/;
/** Answers what its argument `path` names. */
const NAMES = /^hydra\.utils\.get_(class|method|static_method|object)$/;

/** A part in the middle that is a module of Python leads out of the library (`torchvision.datasets.utils.os`). */
function isOrdinary(target: string): boolean {
  const strays = target
    .split(".")
    .slice(1, -1)
    .some((part) => STDLIB.has(part));
  return !strays && ORDINARY.some((one) => one.test(target));
}

export type TargetKind = "ordinary" | "loads" | "names" | "acts";

export function judgeTarget(target: string): { kind: TargetKind; judged: Judgement } {
  const dot = target.lastIndexOf(".");
  const judged = classify(dot < 0 ? "builtins" : target.slice(0, dot), target.slice(dot + 1));
  const acts = judged.level === "dangerous" || (judged.level === "unproven" && judged.origin === "python");
  if (NAMES.test(target)) return { kind: "names", judged };
  if (!acts || isOrdinary(target)) return { kind: "ordinary", judged };
  return { kind: LOADS.test(target) ? "loads" : "acts", judged };
}

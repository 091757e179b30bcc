import { leadsOut } from "../../archive/paths.js";
import type { Part, Scan } from "../../core/scan.js";
import { classify } from "../../globals/classify.js";
import { decodeJson } from "./json.js";
import { scanText } from "./text.js";

const MAX_LINES = 100_000;
const MAX_LINE = 4096;
/** Keys of `MLmodel` whose value mlflow imports as a module or a class. */
const IMPORTS = /^(loader_module|keras_module|model_class|pickle_module)$/;
/**
 * Keys of `MLmodel` whose value mlflow joins to the directory of the model and opens. At the top, `artifact_path` says
 * where the model was logged, which is an absolute path when that is a directory.
 */
const PATHS =
  /^(code|data|model_data|model_path|pickled_model|python_model|artifact_path|serving_input_path|conda|virtualenv)$/;

export const MLMODEL_NAME: RegExp = /(^|\/)MLmodel$/;
export const DEPENDENCIES_NAME: RegExp =
  /(^|\/)(requirements[\w.-]*\.txt|(python_env|conda|environment)\.ya?ml)$/i;

/** The file `MLmodel` of an MLflow model: modules that loading imports, files that it opens. */
export function scanMlmodel(scan: Scan, part: Part): string {
  let list = "";
  for (const { key, value, offset, nested } of lines(scan, part)) {
    if (key !== "") list = key;
    if (value === "" || value === "null") continue;
    if (IMPORTS.test(key)) checkImport(scan, part, value, offset);
    else if (list === "skops_trusted_types") checkImport(scan, part, value, offset);
    else if (PATHS.test(key) && (nested || key !== "artifact_path") && leadsOut(value)) {
      scan.report("external-data-escape", part, `${key} is ${JSON.stringify(value.slice(0, 160))}.`, {
        offset,
        cause: value,
      });
    }
  }
  return "mlflow";
}

/** `mlflow.pytorch` imports the module that this file names and lets it unpickle the model. */
export function scanPickleModule(scan: Scan, part: Part): string {
  for (const { value, offset } of lines(scan, part)) if (value !== "") checkImport(scan, part, value, offset);
  return "text";
}

function checkImport(scan: Scan, part: Part, path: string, offset: number): void {
  const dot = path.lastIndexOf(".");
  if (/^(mlflow|pickle|cloudpickle|dill|torch|joblib)(\.|$)/.test(path)) return;
  const judgements = [
    classify(path, "__name__"),
    classify(dot < 0 ? "builtins" : path.slice(0, dot), path.slice(dot + 1)),
  ];
  const judged = judgements.find(({ level }) => level === "dangerous");
  if (!judged) return;
  const message = `Loading imports ${JSON.stringify(path.slice(0, 160))}, which ${judged.reason}.`;
  scan.report("config-instantiate", part, message, { offset, cause: path });
}

/** What may follow the semicolon of a dependency: a marker (PEP 508). */
const MARKER =
  /^\s*\(*\s*(python_|os_name|os\.name|sys_platform|sys\.platform|platform_|platform\.|implementation_|extras?\b|["'])/;
/** Shell syntax that no name, version, address or marker of a dependency needs. */
const COMMAND = /\$\(|`|&&|\|\||\|\s*(?:sudo|env|(?:ba|da|z|k)?sh|python|perl|ruby|node)\b|;\s*[A-Za-z./#]/g;

/** Lists of packages beside a model, which MLflow's containers once put into a shell command (CVE-2025-15379). */
export function scanDependencies(scan: Scan, part: Part): string {
  for (const { value, offset } of lines(scan, part)) {
    const found = [...value.matchAll(COMMAND)].find(
      ({ 0: text, index }) => !text.startsWith(";") || !MARKER.test(value.slice(index + 1)),
    );
    if (!found) continue;
    scan.report("dependency-command", part, `A dependency reads ${JSON.stringify(value.slice(0, 160))}.`, {
      offset,
      cause: "command",
    });
  }
  return scanText(scan, part);
}

interface Line {
  key: string;
  value: string;
  offset: number;
  nested: boolean;
}

/** Lines of simple YAML or of a list of packages: `key: value`, `- value`, `value`. */
function* lines(scan: Scan, part: Part): Generator<Line> {
  const text = decodeJson(scan.readText(part));
  let offset = 0;
  for (const line of text.split("\n", MAX_LINES)) {
    scan.budget.step();
    if (line.length <= MAX_LINE) {
      yield { ...pair(line.replace(/(^|[ \t])#.*$/, "").trim()), offset, nested: /^\s/.test(line) };
    }
    offset += line.length + 1;
  }
}

function pair(line: string): Omit<Line, "offset" | "nested"> {
  const item = line.replace(/^(-\s+)+/, "");
  const key = /^["']?([A-Za-z_]\w{0,60})["']?\s*:(?=\s|$)/.exec(item);
  const value = item.slice(key?.[0].length ?? 0).trim();
  const quoted = /^(["'])(.*)\1$/.exec(value);
  return { key: key?.[1] ?? "", value: quoted?.[2] ?? value };
}

import type { Part, Scan } from "../../core/scan.js";
import { classify } from "../../globals/classify.js";
import { isObject, type JsonObject } from "./json.js";
import { judgeTarget } from "./targets.js";

/** Configurations of the Hugging Face libraries: every value by which loading finds code. */
export function checkRepositoryObject(scan: Scan, part: Part, object: JsonObject): void {
  checkRemoteCode(scan, part, object);
  checkAttention(scan, part, object);
  checkImports(scan, part, object);
  for (const key of ["_target_", "_target", "__target__", "class_path"]) {
    const target = object[key];
    if (typeof target !== "string") continue;
    checkTarget(scan, part, target, typeof object.path === "string" ? object.path : undefined);
  }
  if (typeof object.target === "string" && "params" in object) checkPlainTarget(scan, part, object.target);
}

function remoteCode(scan: Scan, part: Part, message: string, cause: string): void {
  scan.report("config-remote-code", part, message.slice(0, 300), { cause });
}

function checkRemoteCode(scan: Scan, part: Part, object: JsonObject): void {
  if (isObject(object.auto_map)) {
    const names = Object.values(object.auto_map).flat().flatMap(texts).join(", ");
    remoteCode(scan, part, `auto_map names code to import: ${names}.`, "auto_map");
  }
  if (isObject(object.custom_pipelines)) {
    remoteCode(scan, part, "custom_pipelines names code to import.", "custom_pipelines");
  }
  const pipeline = object._class_name;
  if (Array.isArray(pipeline) && typeof pipeline[0] === "string" && "_diffusers_version" in object) {
    const message = `The pipeline's class lies in ${JSON.stringify(pipeline[0])} beside the model.`;
    remoteCode(scan, part, message, "_class_name");
  }
  // CVE-2026-5241: a nested configuration was loaded with this value in place of the caller's.
  if (object.model_type === "lightglue" && object.trust_remote_code === true) {
    const message = "The configuration of LightGlue switches trust_remote_code on.";
    scan.report("config-hub-code", part, message, { cause: "lightglue" });
  }
}

/** CVE-2026-4372: an attention implementation named as `owner/repository` is fetched from the hub and imported. */
function checkAttention(scan: Scan, part: Part, object: JsonObject): void {
  for (const key of ["_attn_implementation_internal", "_experts_implementation_internal"]) {
    for (const value of texts(object[key])) {
      if (!value.includes("/")) continue;
      const message = `${key} fetches code from the repository ${JSON.stringify(value.slice(0, 200))}.`;
      scan.report("config-hub-code", part, message, { cause: key });
    }
  }
  for (const key of ["_attn_implementation", "attn_implementation"]) {
    for (const value of texts(object[key])) {
      if (!/^[\w.-]+\/[\w.-]+/.test(value)) continue;
      remoteCode(scan, part, `${key} names the repository ${JSON.stringify(value.slice(0, 200))}.`, key);
    }
  }
}

/** A value, or the values of a map of sub-models. */
function texts(value: unknown): string[] {
  const values = isObject(value) ? Object.values(value) : [value];
  return values.filter((one): one is string => typeof one === "string");
}

/** Names that peft, sentence-transformers, diffusers and MLflow import. */
function checkImports(scan: Scan, part: Part, object: JsonObject): void {
  if (isObject(object.auto_mapping)) {
    const { parent_library: library, base_model_class: name } = object.auto_mapping;
    if (typeof library === "string") checkImport(scan, part, library, typeof name === "string" ? name : "x");
  }
  if (typeof object.megatron_core === "string") checkImport(scan, part, object.megatron_core, "x");
  if (typeof object.loader_module === "string") checkImport(scan, part, object.loader_module, "_load_pyfunc");
  if (/(^|\/)modules\.json$/.test(part.name)) checkModule(scan, part, object);
  if (typeof object._diffusers_version === "string") checkComponents(scan, part, object);
}

/** sentence-transformers imports the type of every module, from its own package or from the repository. */
function checkModule(scan: Scan, part: Part, { type, path }: JsonObject): void {
  if (typeof type !== "string" || typeof path !== "string" || /^sentence_transformers\./.test(type)) return;
  const dot = type.lastIndexOf(".");
  if (checkImport(scan, part, type.slice(0, Math.max(0, dot)), type.slice(dot + 1))) return;
  remoteCode(scan, part, `modules.json names code to import: ${JSON.stringify(type)}.`, type);
}

/** diffusers: a component is `[library, class]`. */
function checkComponents(scan: Scan, part: Part, object: JsonObject): void {
  for (const value of Object.values(object)) {
    if (!Array.isArray(value) || value.length !== 2) continue;
    const [library, name] = value as unknown[];
    if (typeof library === "string" && typeof name === "string") checkImport(scan, part, library, name);
  }
}

/** Reports a name that no model needs to import; answers whether it did. */
function checkImport(scan: Scan, part: Part, module: string, name: string): boolean {
  const judged = classify(module || "builtins", name);
  if (judged.level !== "dangerous" && judged.origin !== "python") return false;
  const path = JSON.stringify(`${module}.${name}`.slice(0, 200));
  const message = `The configuration imports ${path}, which ${judged.reason}.`;
  scan.report("config-instantiate", part, message, { cause: path });
  return true;
}

/** Hydra's `_target_` (NeMo) and Lightning's `class_path`: the loader imports and calls what it names. */
export function checkTarget(scan: Scan, part: Part, target: string, path?: string): void {
  const { kind, judged } = judgeTarget(target);
  if (kind === "names" && path !== undefined) checkTarget(scan, part, path);
  if (kind !== "acts" && kind !== "loads") return;
  const message = `The configuration calls ${target.slice(0, 200)}, which ${judged.reason}.`;
  if (kind === "loads") remoteCode(scan, part, message, target);
  else scan.report("config-instantiate", part, message, { cause: target });
}

/** Latent diffusion's `target` is called with `params`. The word is common, so only names that are known to act count. */
export function checkPlainTarget(scan: Scan, part: Part, target: string): void {
  const dot = target.lastIndexOf(".");
  if (dot < 0 || !/^[\w.]{1,300}$/.test(target)) return;
  const judged = classify(target.slice(0, dot), target.slice(dot + 1));
  if (judged.level !== "dangerous") return;
  const message = `The configuration calls ${target}, which ${judged.reason}.`;
  scan.report("config-instantiate", part, message, { cause: target });
}

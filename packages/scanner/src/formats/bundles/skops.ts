import type { Part, Scan } from "../../core/scan.js";
import { classify } from "../../globals/classify.js";
import type { Judgement } from "../../globals/judgement.js";
import type { RuleId } from "../../rules/rules.js";
import { isObject, type JsonObject } from "../repository/json.js";

const MAX_NODES = 2_000_000;
/** What `operator` makes of its arguments and skops writes; its other functions act on them at once. */
const GETTERS = /^(attrgetter|itemgetter|methodcaller)$/;
/** Loaders that only import what they name. */
const IMPORTS = /^(FunctionNode|TypeNode)$/;
/** Loaders that call what they name with values from the file. */
const CALLS = /^(ConstructorFromReduce|List|Set|Tuple|Dict)Node$/;
/** Loaders that do not look at the name: they make what they were written for. */
const FIXED = /^(JsonNode|SliceNode|PartialNode|MethodNode|OperatorFuncNode)$/;

/** The document `schema.json` of a skops file: a tree of nodes, each with the class that it becomes. */
export function isSkops(value: JsonObject): boolean {
  return isNode(value) && ("_skops_version" in value || "protocol" in value);
}

interface Node extends JsonObject {
  __class__: string;
  __module__: string;
  __loader__: string;
}

function isNode(value: unknown): value is Node {
  return (
    isObject(value) &&
    typeof value.__class__ === "string" &&
    typeof value.__module__ === "string" &&
    typeof value.__loader__ === "string"
  );
}

/**
 * Judges the class or function of every node as if a pickle named it: skops asks its user to trust names, and versions
 * before 0.12 could be led past that question (CVE-2025-54412, CVE-2025-54413).
 */
export function scanSkopsSchema(scan: Scan, part: Part, root: JsonObject): string {
  const open: unknown[] = [root];
  for (let count = 0; open.length > 0; count++) {
    if (count > MAX_NODES) {
      scan.report("limit-reached", part, "The schema has too many nodes.", { cause: "steps" });
      break;
    }
    const value = open.pop();
    if (isNode(value)) judge(scan, part, value);
    if (typeof value === "object" && value !== null)
      for (const child of Object.values(value)) open.push(child);
  }
  return "skops-schema";
}

function judge(scan: Scan, part: Part, node: Node): void {
  const { __module__: module, __class__: name, __loader__: loader } = node;
  if (loader === "OperatorFuncNode") judgeOperator(scan, part, node);
  if (loader === "MethodNode") judgeMethod(scan, part, node);
  const judgement = classify(module, name);
  const rule = ruleOf(judgement, loader);
  if (rule === undefined) return;
  const shown = `${JSON.stringify(`${module}.${name}`.slice(0, 200))} (${loader.slice(0, 40)})`;
  const message = `The file names ${shown}, which ${judgement.reason}.`;
  scan.report(rule, part, message, { cause: `${module}.${name}` });
}

function ruleOf({ level, origin, check }: Judgement, loader: string): RuleId | undefined {
  if (level === "dangerous") return "skops-unsafe-object";
  if (level === "safe") return check && CALLS.test(loader) ? "skops-unsafe-object" : undefined;
  if (level === "class" || origin === "framework") return undefined;
  if (level === "unknown" || origin !== "python") return "skops-unknown-object";
  if (FIXED.test(loader)) return undefined;
  return IMPORTS.test(loader) ? "skops-unproven-function" : "skops-unsafe-object";
}

/** Old loaders take the function from `operator` whatever module the node names, and ask for trust in that module. */
function judgeOperator(scan: Scan, part: Part, node: Node): void {
  const { __module__: module, __class__: name } = node;
  const names = texts(node.attrs);
  const inner = names.find((text) => /__\w+__/.test(text));
  if (module === "operator" && GETTERS.test(name) && inner === undefined) return;
  const what =
    inner === undefined ? `operator.${name} under the name ${module}.${name}` : `${name} for ${inner}`;
  scan.report("skops-unsafe-object", part, `The file calls ${JSON.stringify(what.slice(0, 200))}.`, {
    cause: `${module}.${name}`,
  });
}

/** A method is read from an object by name; a chain of them walks from any object to everything that Python has. */
function judgeMethod(scan: Scan, part: Part, node: Node): void {
  const content = isObject(node.content) ? node.content : {};
  const method = typeof content.func === "string" ? content.func : "";
  const owner = content.obj;
  const top = (path: string): string => path.split(".", 1)[0] ?? "";
  // The module may be that of a base class, which lies in the same package.
  // Versions before 0.12 call every bound method `method`.
  const told =
    !isNode(owner) ||
    ((owner.__class__ === node.__class__ || node.__class__ === "method") &&
      top(owner.__module__) === top(node.__module__));
  if (told && /^[A-Za-z]\w*$/.test(method) && !(isNode(owner) && owner.__loader__ === "MethodNode")) return;
  const message = `The file reads ${JSON.stringify(method.slice(0, 100))} from an object of another kind than it states.`;
  scan.report("skops-unsafe-object", part, message, { cause: "method" });
}

/** The texts below a node, as its JSON nodes hold them. */
function texts(value: unknown): string[] {
  const found: string[] = [];
  const open = [value];
  while (open.length > 0 && found.length < 1000) {
    const next = open.pop();
    if (isNode(next) && next.__loader__ === "JsonNode") {
      if (typeof next.content === "string") found.push(next.content);
    } else if (typeof next === "object" && next !== null)
      for (const child of Object.values(next)) open.push(child);
  }
  return found;
}

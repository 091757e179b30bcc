import type { Part, Scan } from "../../core/scan.js";
import { decodeEscapes } from "../../expression/lexer.js";
import { operatorAct } from "./tensorflow-operators.js";

/** A text of protobuf's text format that holds nodes: `node { name: "a" op: "b" }`. */
const NODES = /(^|[\s{])node(_def)?\s{0,20}[:{]/;
/** `op:` and its string, which may be written in several pieces and with escapes. */
const OPERATOR =
  /(?<![\w.])op\s{0,20}:\s{0,20}((?:(?:"(?:[^"\\\n]|\\.){0,200}"|'(?:[^'\\\n]|\\.){0,200}')\s{0,20}){1,8})/g;
const PIECE = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g;
/** `saved_model.pbtxt` and graphs of old examples. */
const NAME = /\.(pbtxt|pb\.txt|prototxt|textproto)$/i;

export function looksLikeGraphText(name: string, text: string): boolean {
  return NAME.test(name) && NODES.test(text);
}

/** A graph in protobuf's text format. One that is not a SavedModel describes training too, and may read files. */
export function scanGraphText(scan: Scan, part: Part, text: string): string {
  const serves = /saved_model_schema_version|(^|\s)meta_graphs\s*\{/.test(text);
  for (const match of text.matchAll(OPERATOR)) {
    scan.budget.step(16);
    const operator = [...(match[1] ?? "").matchAll(PIECE)]
      .map(([, a, b]) => decodeEscapes(a ?? b ?? ""))
      .join("");
    const act = operatorAct(operator);
    const ordinary = !serves && /PyFunc|Summary/.test(operator);
    if ((act !== "acts" || ordinary) && !(act === "reads" && serves)) continue;
    const message = `The graph uses the operator ${operator}.`;
    scan.report("tensorflow-operator", part, message, { offset: match.index, cause: operator });
  }
  return serves ? "savedmodel" : "graphdef";
}

import type { Part, Scan } from "../../core/scan.js";
import { BadProtobuf, type Field, fields, text } from "./protobuf.js";
import { operatorAct } from "./tensorflow-operators.js";

/** `training`: a graph that describes training too, where reading files is ordinary. */
export type GraphKind = "savedmodel" | "graphdef" | "training";

interface Node {
  name: string;
  operators: string[];
  inputs: string[];
  stream: string;
  constant: string;
  offset: number;
}

/** A place outside the model: absolute, upwards, a home, or an address. */
const OUTSIDE = /^[/\\~]|^[A-Za-z]:[\\/]|(^|[\\/])\.\.([\\/]|$)|^[a-z][\w+.-]*:\/\//i;

/** One scope of nodes: a graph, or a function of its library. */
class GraphScope {
  private readonly scan: Scan;
  private readonly part: Part;
  private readonly kind: GraphKind;
  private readonly constants = new Map<string, string>();
  private readonly aliases = new Map<string, string>();
  private readonly saves: Node[] = [];

  constructor(scan: Scan, part: Part, kind: GraphKind) {
    this.scan = scan;
    this.part = part;
    this.kind = kind;
  }

  /** NodeDef: name 1, op 2, input 3, attr 5. */
  node(field: Field): void {
    const { source } = this.part;
    const node: Node = {
      name: "",
      operators: [],
      inputs: [],
      stream: "",
      constant: "",
      offset: field.offset,
    };
    for (const inner of this.inside(field)) {
      if (inner.wire !== 2) continue;
      if (inner.number === 1) node.name = text(source, inner, 1024);
      else if (inner.number === 2) node.operators.push(text(source, inner, 128));
      else if (inner.number === 3) node.inputs.push(text(source, inner, 1024));
      else if (inner.number === 5) this.attribute(inner, node);
    }
    for (const operator of node.operators) this.judge(operator, node);
  }

  private judge(operator: string, node: Node): void {
    if (operator === "Const") this.constants.set(node.name, node.constant);
    else if (/^(Identity|PlaceholderWithDefault|StringJoin|ShardedFilename)$/.test(operator)) {
      this.aliases.set(node.name, inputName(node.inputs[0]));
    }
    const act = operatorAct(operator);
    if (act === "saves") this.saves.push(node);
    else if (act === "prints") {
      if (/^file:/.test(node.stream))
        this.report(operator, node, `${operator} to ${JSON.stringify(node.stream)}`);
    } else if (act === "acts" && !(this.kind === "training" && /PyFunc|Summary/.test(operator))) {
      this.report(operator, node, operator);
    } else if (act === "reads" && this.kind !== "training") this.report(operator, node, operator);
  }

  /** Saving to a place that the caller names is how checkpoints are written; the graph must not name it. */
  finish(): void {
    for (const node of this.saves) {
      let name = inputName(node.inputs[0]);
      for (let i = 0; i < 8 && this.aliases.has(name); i++) name = this.aliases.get(name) ?? "";
      const path = this.constants.get(name) ?? "";
      if (!OUTSIDE.test(path)) continue;
      const operator = node.operators.at(-1) ?? "";
      this.report(operator, node, `${operator} to ${JSON.stringify(path.slice(0, 200))}`);
    }
  }

  private report(cause: string, node: Node, what: string): void {
    const message = `The graph uses the operator ${what}.`;
    this.scan.report("tensorflow-operator", this.part, message, { offset: node.offset, cause });
  }

  private inside(field: Field): Generator<Field> {
    return fields(this.part.source, field.offset, field.offset + field.value, this.scan.budget);
  }

  /** A map entry: key 1, AttrValue 2 with s 2 or tensor 8, whose string_val is 8. */
  private attribute(field: Field, node: Node): void {
    let key = "";
    for (const inner of this.inside(field)) {
      if (inner.wire !== 2) continue;
      if (inner.number === 1) key = text(this.part.source, inner, 64);
      else if (inner.number === 2 && key === "output_stream") node.stream = this.string(inner, 2);
      else if (inner.number === 2 && key === "value") node.constant = this.tensorString(inner);
    }
  }

  private string(field: Field, number: number): string {
    for (const inner of this.inside(field)) {
      if (inner.wire === 2 && inner.number === number) return text(this.part.source, inner, 4096);
    }
    return "";
  }

  private tensorString(field: Field): string {
    for (const inner of this.inside(field)) {
      if (inner.wire === 2 && inner.number === 8) return this.string(inner, 8);
    }
    return "";
  }
}

function inputName(input = ""): string {
  return input.replace(/^\^/, "").replace(/:.*$/, "");
}

/** GraphDef: node 1, library 2 (FunctionDefLibrary.function 1; FunctionDef.node_def 3). */
export function walkGraph(scan: Scan, part: Part, kind: GraphKind, start: number, end: number): void {
  const scope = new GraphScope(scan, part, kind);
  for (const field of fields(part.source, start, end, scan.budget)) {
    if (field.wire !== 2) continue;
    if (field.number === 1) scope.node(field);
    else if (field.number === 2) library(scan, part, kind, field);
  }
  scope.finish();
}

function library(scan: Scan, part: Part, kind: GraphKind, field: Field): void {
  for (const fn of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
    if (fn.number !== 1 || fn.wire !== 2) continue;
    const scope = new GraphScope(scan, part, kind);
    for (const inner of fields(part.source, fn.offset, fn.offset + fn.value, scan.budget)) {
      if (inner.number === 3 && inner.wire === 2) scope.node(inner);
    }
    scope.finish();
  }
}

/** Whether a message holds a NodeDef: a name and an operator, in any order, and no field of another message. */
export function isNode(scan: Scan, part: Part, field: Field): boolean {
  let name = "";
  let operator = "";
  try {
    for (const inner of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
      if (inner.number <= 7 && inner.wire !== 2) return false;
      if (inner.number === 1) name = text(part.source, inner, 512);
      else if (inner.number === 2) operator = text(part.source, inner, 128);
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    return false;
  }
  return /^[\w./>\\-]+$/.test(name) && /^[A-Za-z_][\w>.]*$/.test(operator);
}

/** Whether a message is a GraphDef: its first nodes are nodes, or its functions have some. */
export function isGraph(scan: Scan, part: Part, start: number, end: number): boolean {
  let nodes = 0;
  try {
    for (const field of fields(part.source, start, end, scan.budget)) {
      if (!isGraphField(field) || (field.number === 1 && !isNode(scan, part, field))) return false;
      if (field.number === 1 || (field.number === 2 && isLibrary(scan, part, field))) nodes++;
      if (nodes >= 8) return true;
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
  }
  return nodes > 0;
}

function isGraphField({ number, wire }: Field): boolean {
  if (number === 3) return wire === 0;
  return number > 5 || wire === 2;
}

/** FunctionDefLibrary: a function 1 whose signature 1 has a name, with nodes 3. */
export function isLibrary(scan: Scan, part: Part, field: Field): boolean {
  for (const fn of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
    if (fn.number !== 1 || fn.wire !== 2) continue;
    for (const inner of fields(part.source, fn.offset, fn.offset + fn.value, scan.budget)) {
      if (inner.number === 3 && inner.wire === 2 && isNode(scan, part, inner)) return true;
    }
  }
  return false;
}

// Copies the built scanner with a counter at every branch, so that the fuzzer sees which input reached what.
// A branch is what Istanbul calls one: the arms of `if`, `?:` and `switch`, the operands of `&&`, `||` and `??`, and default
// values. Function entries and loop bodies are counted as well, for guidance only.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../..");
const DIST = join(ROOT, "packages/scanner/dist");

/** Where instrumented copies lie: below node_modules, so that the scanner's own imports resolve and git looks away. */
const WORK = join(ROOT, "node_modules/.cache/countersign-fuzz");

const PARSERS = /^(archive|content|core|formats|pickle)\//;

/** Writes the copy and answers its points (in the order of their counters), and the words and numbers in each file. */
export function instrument(dist = DIST) {
  const target = join(WORK, `scanner-${process.pid}`);
  const points = [];
  const literals = {};
  for (const path of files(dist)) {
    const file = relative(dist, path);
    const code = readFileSync(path, "utf8");
    const counted = PARSERS.test(file) ? new Instrumenter(code, file, points, literals).result() : code;
    const copy = join(target, file);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, counted);
  }
  return { target, points, literals };
}

function files(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.name.endsWith(".js") ? [path] : [];
  });
}

const EXTRA = "const __hits = globalThis.__countersignHits;\n";

class Instrumenter {
  constructor(code, file, points, literals) {
    this.literals = { words: [], numbers: [] };
    literals[file] = this.literals;
    Object.assign(this, { code, file, points, edits: [] });
  }

  result() {
    const tree = parse(this.code, { ecmaVersion: "latest", sourceType: "module", locations: true });
    this.visit(tree);
    // Array.sort is stable: at one place, what was opened first stays outside.
    this.edits.sort((a, b) => a.at - b.at);
    let out = EXTRA;
    let from = 0;
    for (const { at, text } of this.edits) {
      out += this.code.slice(from, at) + text;
      from = at;
    }
    return out + this.code.slice(from);
  }

  point(node, kind) {
    const line = node.loc.start.line;
    const text = this.code.slice(node.start, node.end).replace(/\s+/g, " ").slice(0, 80);
    this.points.push({ file: this.file, line, kind, text });
    return `__hits[${this.points.length - 1}]++`;
  }

  insert(at, text) {
    this.edits.push({ at, text });
  }

  visit(node) {
    if (Array.isArray(node)) {
      for (const item of node) this.visit(item);
      return;
    }
    if (typeof node?.type !== "string") return;
    const handler = HANDLERS[node.type];
    if (handler) handler(this, node);
    else this.children(node);
  }

  children(node) {
    for (const value of Object.values(node))
      if (typeof value === "object" && value !== null) this.visit(value);
  }

  expression(node, kind) {
    this.insert(node.start, `(${this.point(node, kind)}, (`);
    this.visit(node);
    this.insert(node.end, "))");
  }

  statement(node, kind) {
    if (node.type === "BlockStatement") {
      this.insert(node.start + 1, `${this.point(node, kind)};`);
      this.visit(node);
      return;
    }
    this.insert(node.start, `{${this.point(node, kind)};`);
    this.visit(node);
    this.insert(node.end, "}");
  }

  operands(node) {
    if (node.type !== "LogicalExpression") return this.expression(node, "operand");
    // Parentheses around an operand are no nodes, so each side is handled where it stands.
    this.operands(node.left);
    this.operands(node.right);
  }

  word(value) {
    if (value.length < 2 || value.length > 40 || /[. ]{2}|^[^\w]+ /.test(value)) return;
    this.literals.words.push(value);
  }
}

function loop(instrumenter, node) {
  for (const [key, value] of Object.entries(node)) {
    if (key === "body") instrumenter.statement(node.body, "loop");
    else if (typeof value === "object" && value !== null) instrumenter.visit(value);
  }
}

function callable(instrumenter, node) {
  instrumenter.visit(node.params);
  if (node.body.type === "BlockStatement") instrumenter.statement(node.body, "function");
  else instrumenter.expression(node.body, "function");
}

const HANDLERS = {
  IfStatement(instrumenter, node) {
    instrumenter.visit(node.test);
    instrumenter.statement(node.consequent, "if");
    if (node.alternate) instrumenter.statement(node.alternate, "else");
    else instrumenter.insert(node.end, ` else {${instrumenter.point(node, "else")};}`);
  },
  ConditionalExpression(instrumenter, node) {
    instrumenter.visit(node.test);
    instrumenter.expression(node.consequent, "then");
    instrumenter.expression(node.alternate, "otherwise");
  },
  LogicalExpression(instrumenter, node) {
    instrumenter.operands(node);
  },
  SwitchCase(instrumenter, node) {
    if (node.test) instrumenter.visit(node.test);
    const text = `${instrumenter.point(node, "case")};`;
    instrumenter.insert(node.consequent[0]?.start ?? node.end, text);
    instrumenter.visit(node.consequent);
  },
  AssignmentPattern(instrumenter, node) {
    instrumenter.visit(node.left);
    instrumenter.expression(node.right, "default");
  },
  ForStatement: loop,
  ForOfStatement: loop,
  ForInStatement: loop,
  WhileStatement: loop,
  DoWhileStatement: loop,
  FunctionDeclaration: callable,
  FunctionExpression: callable,
  ArrowFunctionExpression: callable,
  ImportDeclaration() {},
  ExportAllDeclaration() {},
  Literal(instrumenter, { value, regex }) {
    if (typeof value === "string") instrumenter.word(value);
    if (typeof value === "number" && value > 8) instrumenter.literals.numbers.push(value);
    if (regex)
      for (const word of regex.pattern.split(/[^\w-]+|\\[a-zA-Z]/))
        if (word.length > 2) instrumenter.word(word);
  },
};

export const isBranch = ({ kind }) => kind !== "function" && kind !== "loop";

import type { Part, Scan } from "../core/scan.js";

interface Token {
  type: "name" | "string" | "operator" | "number";
  text: string;
}

const TOKEN = /\s+|([A-Za-z_]\w*)|('(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*")|(\d[\d_.]*)|([\s\S])/g;

/** Attributes from which Python's interpreter can be reached. */
const REACH =
  /^(__\w+__|func_globals|func_code|gi_frame|gi_code|cr_frame|cr_code|ag_frame|ag_code|f_globals|f_builtins|f_locals|f_back|tb_frame|tb_next|mro|_module|_load_form_data|environ|subclasses)$/;
/** Names that a template needs only to reach the system. */
const SYSTEM = /^(popen|subprocess|__import__|getoutput|check_output|builtins|eval|exec|importlib|os)$/;
/** Objects whose attributes lead to globals. */
const LADDERS = new Set([
  "cycler",
  "joiner",
  "lipsum",
  "self",
  "request",
  "config",
  "get_flashed_messages",
  "url_for",
]);

/**
 * Lexes a Jinja template and folds its strings (escapes, `~` and `+`, `|join`), so that spelling an attribute in pieces
 * hides nothing. Words outside of expressions never count.
 */
export function scanTemplate(scan: Scan, part: Part, template: string, offset?: number): void {
  const where = offset === undefined ? {} : { offset };
  for (const expression of expressions(template)) {
    const tokens = fold(tokenize(expression));
    const reach = findReach(tokens);
    if (reach !== undefined) {
      const message = `The template reaches ${reach}: ${shorten(expression)}`;
      scan.report("template-escape", part, message, { ...where, cause: "template" });
      return;
    }
    const odd = findOdd(tokens);
    if (odd !== undefined) {
      scan.report("template-suspicious", part, `${odd}: ${shorten(expression)}`, { ...where, cause: "odd" });
    }
  }
}

/** What stands in `{{ }}` and `{% %}`. An expression without an end goes on to the end of the template. */
function* expressions(template: string): Generator<string> {
  let at = 0;
  for (;;) {
    const start = nextOpening(template, at);
    if (start < 0) return;
    const close = template[start + 1] === "{" ? "}}" : "%}";
    const end = template.indexOf(close, start + 2);
    yield template.slice(start + 2, end < 0 ? undefined : end).replace(/^[-+]|[-+]$/g, "");
    if (end < 0) return;
    at = end + 2;
  }
}

function nextOpening(template: string, from: number): number {
  for (let at = template.indexOf("{", from); at >= 0; at = template.indexOf("{", at + 1)) {
    const next = template[at + 1];
    if (next === "{" || next === "%") return at;
  }
  return -1;
}

function shorten(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 117)}...` : text);
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  for (const [whole, name, quoted, number] of source.matchAll(TOKEN)) {
    if (name !== undefined) tokens.push({ type: "name", text: name });
    else if (quoted !== undefined) tokens.push({ type: "string", text: decodeString(quoted.slice(1, -1)) });
    else if (number !== undefined) tokens.push({ type: "number", text: number });
    else if (whole.trim() !== "") tokens.push({ type: "operator", text: whole });
  }
  return tokens;
}

function decodeString(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^[xu]./.test(code) && code.length > 1)
      return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]+$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return ({ n: "\n", t: "\t", r: "\r" } as Record<string, string>)[code] ?? code;
  });
}

/** Joins neighbouring strings: `'a' 'b'`, `'a' ~ 'b'`, `'a' + 'b'`, `['a', 'b'] | join`. */
function fold(tokens: readonly Token[]): Token[] {
  const folded: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) break;
    const last = folded.at(-1);
    const joins = token.type === "operator" && (token.text === "~" || token.text === "+");
    const next = tokens[i + 1];
    if (last?.type === "string" && joins && next?.type === "string") {
      folded[folded.length - 1] = { type: "string", text: last.text + next.text };
      i++;
    } else if (last?.type === "string" && token.type === "string") {
      folded[folded.length - 1] = { type: "string", text: last.text + token.text };
    } else folded.push(token);
  }
  return joinLists(folded);
}

function joinLists(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (const token of tokens) {
    result.push(token);
    if (token.text !== "join" || result.at(-2)?.text !== "|") continue;
    const close = result.at(-3)?.text;
    if (close !== "]" && close !== ")") continue;
    let open = result.length - 4;
    let text = "";
    while (open >= 0 && (result[open]?.type === "string" || result[open]?.text === ",")) {
      if (result[open]?.type === "string") text = (result[open]?.text ?? "") + text;
      open--;
    }
    result.push({ type: "string", text });
  }
  return result;
}

function findReach(tokens: readonly Token[]): string | undefined {
  for (const [i, token] of tokens.entries()) {
    const previous = tokens[i - 1]?.text;
    if (token.type === "name" && reachesByName(token.text, previous)) return token.text;
    const access =
      previous === "join" || previous === "." || previous === "[" || isAttributeFilter(tokens, i);
    if (token.type === "string" && access && reachesByString(token.text)) return token.text;
  }
  return undefined;
}

function reachesByName(name: string, previous: string | undefined): boolean {
  if (REACH.test(name) && name.startsWith("__")) return true;
  return previous === "." && (REACH.test(name) || SYSTEM.test(name));
}

function reachesByString(text: string): boolean {
  return /__\w+__/.test(text) || REACH.test(text) || SYSTEM.test(text.replace(/^_+|_+$/g, ""));
}

/** `|attr('name')` and `|map(attribute='name')`. */
function isAttributeFilter(tokens: readonly Token[], at: number): boolean {
  const before = tokens.slice(Math.max(0, at - 3), at).map(({ text }) => text);
  return before.at(-1) === "("
    ? before.at(-2) === "attr"
    : before.at(-1) === "=" && before.at(-2) === "attribute";
}

function findOdd(tokens: readonly Token[]): string | undefined {
  const first = tokens[0]?.text ?? "";
  if (/^(include|import|extends|from)$/.test(first)) return "The template includes another file";
  for (const [i, { type, text }] of tokens.entries()) {
    if (type === "string" && /__\w+__/.test(text)) return "The template spells a special attribute";
    if (type !== "name") continue;
    if (text === "attr" && tokens[i - 1]?.text === "|") return "The template reads attributes by name";
    if (LADDERS.has(text) && looksInto(tokens, i)) return `The template looks into ${text}`;
  }
  return undefined;
}

/** `cycler.x`, but not the methods that templates use. */
function looksInto(tokens: readonly Token[], at: number): boolean {
  if (tokens[at - 1]?.text === "." || tokens[at + 1]?.text !== ".") return false;
  return !/^(next|reset|current)$/.test(tokens[at + 2]?.text ?? "");
}

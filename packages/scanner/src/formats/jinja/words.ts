interface Token {
  type: "name" | "string" | "operator" | "number";
  text: string;
}

const TOKEN = /\s+|([A-Za-z_]\w*)|('(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*")|(\d[\d_.]*)|([\s\S])/g;

/** Attributes from which Python's interpreter can be reached. */
export const REACH: RegExp =
  /^(__\w+__|func_globals|func_code|gi_frame|gi_code|cr_frame|cr_code|ag_frame|ag_code|f_globals|f_builtins|f_locals|f_back|tb_frame|tb_next|mro|_module|_load_form_data|environ|subclasses)$/;
/** Names that a template needs only to reach the system. */
export const SYSTEM: RegExp =
  /^(popen|subprocess|__import__|getoutput|check_output|builtins|eval|exec|importlib|os)$/;
/**
 * Looks at the words of an expression that cannot be parsed: which attribute it reaches for, when strings in pieces are
 * joined.
 */
export function reachByWords(expression: string): string | undefined {
  return findReach(fold(tokenize(expression)));
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

import type { Imports } from "./imports.js";
import { isSign, isWord, type Token } from "./token.js";
import { after, inside, type Range, split, type Words } from "./words.js";

/** `import a.b as c`, `from a.b import c as d`; a leading dot stays, so that the project can resolve it. */
export function pythonImports(words: Words, imports: Imports): void {
  const { tokens } = words;
  for (const [index, token] of tokens.entries()) {
    if (isWord(token, "import") && !isFrom(tokens, index)) pythonImport(words, index, imports);
    if (
      isWord(token, "from") &&
      (token.first || isSign(tokens[index - 1], ";") || isSign(tokens[index - 1], ":"))
    )
      pythonFrom(words, index, imports);
  }
}

const isFrom = (tokens: readonly Token[], index: number): boolean => {
  if (tokens[index]?.first) return false;
  for (let at = index - 1; at >= 0 && at > index - 40; at--) {
    if (isWord(tokens[at], "from")) return true;
    if (tokens[at]?.first) return false;
  }
  return false;
};

function dotted(tokens: readonly Token[], from: number): { name: string; end: number } {
  let name = "";
  let at = from;
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token || (token.first && at > from)) break;
    const dot = token.kind === "sign" && /^\.+$/.test(token.value);
    if (!dot && (token.kind !== "word" || (name !== "" && !name.endsWith(".")) || token.value === "import"))
      break;
    name += token.value;
  }
  return { name, end: at };
}

function lineEnd(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && !tokens[at]?.first && !isSign(tokens[at], ";")) at++;
  return at;
}

function pythonImport(words: Words, index: number, imports: Imports): void {
  const { tokens } = words;
  for (const part of split(words, { from: index + 1, to: lineEnd(tokens, index + 1) })) {
    const { name, end } = dotted(tokens, part.from);
    if (name === "") continue;
    imports.modules.add(name);
    const path = name.split(".");
    if (isWord(tokens[end], "as")) imports.names.set(tokens[end + 1]?.value ?? "", path);
    else imports.names.set(path[0] ?? name, [path[0] ?? name]);
  }
}

function pythonFrom(words: Words, index: number, imports: Imports): void {
  const { tokens } = words;
  const { name, end } = dotted(tokens, index + 1);
  if (!isWord(tokens[end], "import")) return;
  imports.modules.add(name);
  const range: Range = isSign(tokens[end + 1], "(")
    ? inside(words, end + 1)
    : { from: end + 1, to: lineEnd(tokens, end + 1) };
  const module = name.startsWith(".") ? [name] : name.split(".");
  for (const part of split(words, range)) {
    const first = tokens[part.from];
    const local = tokens[part.to - 1];
    if (isSign(first, "*")) imports.open.add(name);
    else if (first && local?.kind === "word") imports.names.set(local.value, [...module, first.value]);
  }
}

/** Java, Kotlin, Scala and C#: a path, perhaps with an alias, perhaps of everything in it. */
export function dottedImports(words: Words, imports: Imports): void {
  const { tokens, dialect } = words;
  const keyword = dialect.name === "csharp" ? "using" : "import";
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, keyword) || !(token.first || isWord(tokens[index - 1], "global"))) continue;
    let at = index + 1;
    while (isWord(tokens[at], "static")) at++;
    const alias = isSign(tokens[at + 1], "=") ? tokens[at] : undefined;
    const path = pathAt(tokens, alias ? at + 2 : at);
    if (path.length > 0) bindDotted(words, path, alias?.value, at + path.length * 2, imports);
  }
}

function pathAt(tokens: readonly Token[], from: number): string[] {
  const path: string[] = [];
  for (let at = from; at < tokens.length; at += 2) {
    const token = tokens[at];
    if (token?.kind !== "word" && !isSign(token, "*") && !isSign(token, "_")) break;
    path.push(token?.value ?? "");
    if (!isSign(tokens[at + 1], ".")) break;
  }
  return path;
}

function bindDotted(
  words: Words,
  path: string[],
  alias: string | undefined,
  end: number,
  imports: Imports,
): void {
  const { tokens, dialect } = words;
  const last = path.at(-1) ?? "";
  const everything = last === "*" || last === "_";
  const module = everything ? path.slice(0, -1).join(".") : path.join(".");
  imports.modules.add(module);
  if (everything || dialect.name === "csharp") imports.open.add(module);
  if (everything) return;
  const named = isWord(tokens[end - 1], "as") ? tokens[end]?.value : alias;
  imports.names.set(named ?? last, path);
}

/** `import "module"`, with or without a name, alone or in a list. */
export function goImports(words: Words, imports: Imports): void {
  const { tokens } = words;
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, "import") || !token.first) continue;
    const list = isSign(tokens[index + 1], "(");
    const to = list ? after(words, index + 1) : Math.min(index + 3, tokens.length);
    for (let at = index + 1; at < to; at++) {
      const module = tokens[at];
      if (module?.kind !== "text") continue;
      const alias = tokens[at - 1];
      bindGo(module.value, alias?.kind === "word" && alias !== token ? alias.value : undefined, imports);
    }
  }
}

// A package is called what its last part is called, save for versions and what speaks of Go itself.
function bindGo(module: string, alias: string | undefined, imports: Imports): void {
  const path = module.replace(/\/v\d+$/, "");
  imports.modules.add(path);
  if (alias === "_" || alias === ".") return;
  const last = (path.split("/").at(-1) ?? path).replace(/\.v\d+$/, "");
  const names = alias
    ? [alias]
    : [last, last.replace(/^go[-_]|[-_.]go$/g, ""), last.replace(/^go[-_]|[-_](sdk[-_])?go$/g, "")];
  for (const name of names)
    if (!imports.names.has(name)) imports.names.set(name.replaceAll("-", "_"), [path]);
}

/** Ruby names constants freely once a file is required; only the modules matter. */
export function rubyImports({ tokens }: Words, imports: Imports): void {
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, "require") && !isWord(token, "require_relative")) continue;
    const name = isSign(tokens[index + 1], "(") ? tokens[index + 2] : tokens[index + 1];
    if (name?.kind === "text") imports.modules.add(name.value);
  }
}

/** `use a::b::{c, d as e, f::*};` */
export function rustImports(words: Words, imports: Imports): void {
  for (const [index, token] of words.tokens.entries()) {
    if (isWord(token, "use")) useTree(words, index + 1, [], imports);
  }
}

function useTree(words: Words, from: number, prefix: readonly string[], imports: Imports): void {
  const { tokens } = words;
  const path = [...prefix];
  for (let at = from; at < tokens.length && path.length < 12; at++) {
    const token = tokens[at];
    if (isSign(token, "::")) continue;
    if (token?.kind !== "word") {
      useEnd(words, at, path, prefix, imports);
      return;
    }
    if (token.value === "as") {
      bindRust(tokens[at + 1]?.value ?? "", path, imports);
      return;
    }
    path.push(token.value);
  }
}

function useEnd(
  words: Words,
  at: number,
  path: readonly string[],
  prefix: readonly string[],
  imports: Imports,
): void {
  const token = words.tokens[at];
  if (isSign(token, "{"))
    for (const part of split(words, inside(words, at))) useTree(words, part.from, path, imports);
  else if (isSign(token, "*")) imports.open.add(path.join("."));
  else if (path.length > prefix.length) bindRust(path.at(-1) ?? "", path, imports);
}

function bindRust(name: string, path: readonly string[], imports: Imports): void {
  const full = name === "self" ? path.slice(0, -1) : path;
  imports.modules.add(full[0] ?? "");
  imports.names.set(name === "self" ? (full.at(-1) ?? "") : name, full);
}

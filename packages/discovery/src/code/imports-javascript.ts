import type { Imports } from "./imports.js";
import { isSign, isWord } from "./token.js";
import { after, inside, type Range, split, type Words } from "./words.js";

/** `import` in its forms; `require` and `import()` are read where they are called. */
export function javascriptImports(words: Words, imports: Imports): void {
  const { tokens } = words;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "text" && requires(words, index)) imports.modules.add(token.value);
    if (!isWord(token, "import") && !isWord(token, "export")) continue;
    if (isSign(tokens[index + 1], "(") || isSign(tokens[index - 1], ".")) continue;
    readImport(words, index, imports);
  }
}

const requires = ({ tokens }: Words, index: number): boolean =>
  isSign(tokens[index - 1], "(") &&
  (isWord(tokens[index - 2], "require") || isWord(tokens[index - 2], "import"));

function readImport(words: Words, index: number, imports: Imports): void {
  const { tokens } = words;
  const from = fromWord(words, index + 1);
  if (from < 0) {
    const bare = tokens[index + 1];
    if (bare?.kind === "text") imports.modules.add(bare.value);
    return;
  }
  const module = tokens[from + 1]?.value ?? "";
  if (isWord(tokens[index + 1], "type") && !isSign(tokens[index + 2], ",") && index + 2 < from) return;
  imports.modules.add(module);
  if (isWord(tokens[index], "import")) bind(words, { from: index + 1, to: from }, module, imports);
}

function fromWord({ tokens, brackets }: Words, start: number): number {
  for (let index = start; index < Math.min(tokens.length, start + 400); ) {
    const token = tokens[index];
    if (isWord(token, "from") && tokens[index + 1]?.kind === "text") return index;
    if (isSign(token, ";") || isSign(token, "=") || isSign(token, "(")) return -1;
    if (index > start && isWord(token, "import")) return -1;
    index = isSign(token, "{") ? Math.max(index + 1, (brackets.partner[index] ?? index) + 1) : index + 1;
  }
  return -1;
}

function bind(words: Words, range: Range, module: string, imports: Imports): void {
  const { tokens } = words;
  for (let index = range.from; index < range.to; ) {
    const token = tokens[index];
    if (isSign(token, "{")) {
      for (const part of split(words, inside(words, index))) bindNamed(words, part, module, imports);
      index = after(words, index);
    } else if (isSign(token, "*") && isWord(tokens[index + 1], "as")) {
      imports.names.set(tokens[index + 2]?.value ?? "", [module]);
      index += 3;
    } else {
      if (token?.kind === "word") imports.names.set(token.value, [module, "default"]);
      index++;
    }
  }
}

function bindNamed({ tokens }: Words, { from, to }: Range, module: string, imports: Imports): void {
  const first = tokens[from];
  if (isWord(first, "type") && to - from > 1 && !isWord(tokens[from + 1], "as")) return;
  const local = tokens[to - 1];
  if (first && local?.kind === "word") imports.names.set(local.value, [module, first.value]);
}

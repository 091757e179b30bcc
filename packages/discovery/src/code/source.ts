import { type Assignment, findAssignments } from "./assignments.js";
import { type Brackets, pairBrackets } from "./brackets.js";
import { type Callable, findFunctions } from "./functions.js";
import { findImports, type Imports } from "./imports.js";
import { DIALECTS, type Dialect, type Language } from "./language.js";
import { lex } from "./lexer.js";
import type { Token } from "./token.js";

/** One source file, read: its words, what it imports, what it assigns and what can be called in it. */
export interface Source {
  readonly path: string;
  readonly dialect: Dialect;
  readonly tokens: readonly Token[];
  readonly brackets: Brackets;
  readonly lines: readonly string[];
  readonly imports: Imports;
  readonly callables: readonly Callable[];
  readonly assignments: ReadonlyMap<string, readonly Assignment[]>;
}

export function readSource(path: string, text: string, language: Language): Source {
  const dialect = DIALECTS[language];
  const tokens = lex(text, dialect);
  const brackets = pairBrackets(tokens);
  const words = { tokens, brackets, dialect };
  const callables = findFunctions(words);
  return {
    path,
    ...words,
    lines: text.split("\n"),
    imports: findImports(words),
    callables,
    assignments: findAssignments(words, callables),
  };
}

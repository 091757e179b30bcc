import { javascriptImports } from "./imports-javascript.js";
import { dottedImports, goImports, pythonImports, rubyImports, rustImports } from "./imports-others.js";
import type { Words } from "./words.js";

/** What names of a file come from other modules. */
export interface Imports {
  /** Local name -> the path it stands for, module first. */
  readonly names: Map<string, readonly string[]>;
  /** Modules whose names may be used without naming the module. */
  readonly open: Set<string>;
  /** Every module that the file imports. */
  readonly modules: Set<string>;
}

const READERS = {
  python: pythonImports,
  javascript: javascriptImports,
  go: goImports,
  java: dottedImports,
  kotlin: dottedImports,
  csharp: dottedImports,
  ruby: rubyImports,
  rust: rustImports,
} as const;

export function findImports(words: Words): Imports {
  const imports: Imports = { names: new Map(), open: new Set(), modules: new Set() };
  READERS[words.dialect.name](words, imports);
  return imports;
}

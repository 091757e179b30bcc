export type Language = "python" | "javascript" | "go" | "java" | "kotlin" | "csharp" | "ruby" | "rust";

/** How a language writes what the lexer has to know. */
export interface Dialect {
  readonly name: Language;
  readonly hashComments: boolean;
  readonly slashComments: boolean;
  /** A statement ends with its line. */
  readonly lines: boolean;
  /** Braces hold blocks (and not only maps). */
  readonly braces: boolean;
  /** What begins an expression inside a literal in double quotes. */
  readonly interpolation?: "${" | "#{";
  /** A single quote begins a character, not a string. */
  readonly characters: boolean;
}

const base = {
  hashComments: false,
  slashComments: true,
  lines: false,
  braces: true,
  characters: true,
} as const;

export const DIALECTS: Record<Language, Dialect> = {
  python: {
    ...base,
    name: "python",
    hashComments: true,
    slashComments: false,
    lines: true,
    braces: false,
    characters: false,
  },
  javascript: { ...base, name: "javascript", lines: true, characters: false },
  go: { ...base, name: "go", lines: true },
  java: { ...base, name: "java" },
  kotlin: { ...base, name: "kotlin", lines: true, interpolation: "${" },
  csharp: { ...base, name: "csharp" },
  ruby: {
    ...base,
    name: "ruby",
    hashComments: true,
    slashComments: false,
    lines: true,
    characters: false,
    interpolation: "#{",
  },
  rust: { ...base, name: "rust" },
};

const EXTENSIONS: Record<string, Language> = {
  py: "python",
  pyw: "python",
  ipynb: "python",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "javascript",
  tsx: "javascript",
  mts: "javascript",
  cts: "javascript",
  vue: "javascript",
  svelte: "javascript",
  go: "go",
  java: "java",
  kt: "kotlin",
  kts: "kotlin",
  scala: "kotlin",
  groovy: "java",
  cs: "csharp",
  rb: "ruby",
  rake: "ruby",
  rs: "rust",
};

export function languageOf(path: string): Language | undefined {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? undefined : EXTENSIONS[path.slice(dot + 1).toLowerCase()];
}

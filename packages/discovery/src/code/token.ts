/** One word of a source file. Comments are no tokens, so nothing that only a comment says can be found. */
export interface Token {
  kind: "word" | "text" | "number" | "sign";
  /** The text of a literal without its quotes; otherwise the word itself. */
  value: string;
  line: number;
  column: number;
  /** First on its line, which ends statements where the language has no semicolons. */
  first: boolean;
  /** A literal with expressions in it, in order. */
  parts?: readonly (string | readonly Token[])[];
}

export const isSign = (token: Token | undefined, value: string): boolean =>
  token !== undefined && token.kind === "sign" && token.value === value;

export const isWord = (token: Token | undefined, value?: string): boolean =>
  token !== undefined && token.kind === "word" && (value === undefined || token.value === value);

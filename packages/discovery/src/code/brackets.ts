import type { Token } from "./token.js";

const CLOSE: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** Where each bracket's partner is, and which bracket each token stands in (-1 for none). */
export interface Brackets {
  readonly partner: Int32Array;
  readonly enclosing: Int32Array;
}

/** Pairs brackets; one without a partner is paired with the end of what encloses it. */
export function pairBrackets(tokens: readonly Token[]): Brackets {
  const partner = new Int32Array(tokens.length).fill(-1);
  const enclosing = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "sign" && isCloser(token.value)) close(tokens, open, index, partner);
    enclosing[index] = open.at(-1) ?? -1;
    if (token.kind === "sign" && token.value in CLOSE) open.push(index);
  }
  for (const index of open) partner[index] = tokens.length;
  return { partner, enclosing };
}

const isCloser = (value: string): boolean => value === ")" || value === "]" || value === "}";

function close(tokens: readonly Token[], open: number[], index: number, partner: Int32Array): void {
  const wanted = tokens[index]?.value;
  for (let depth = open.length - 1; depth >= Math.max(0, open.length - 8); depth--) {
    const at = open[depth] ?? 0;
    if (CLOSE[tokens[at]?.value ?? ""] !== wanted) continue;
    for (const lost of open.splice(depth)) partner[lost] = index;
    partner[index] = at;
    return;
  }
}

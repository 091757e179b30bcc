const MAIN_GUARD = /^(\( )*(__name__ == __main__|__main__ == __name__)( \))*$/;
/** What a word does to the number of open brackets. */
export const BRACKETS: ReadonlyMap<string, number> = new Map([
  ...["(", "[", "{"].map((word) => [word, 1] as const),
  ...[")", "]", "}"].map((word) => [word, -1] as const),
]);

/** Whether the words of a condition are `__name__ == "__main__"`, whatever `and` adds: false where a file is imported. */
export function isMainGuard(words: readonly string[]): boolean {
  if (words.includes("or") || words.includes("else")) return false;
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    depth += BRACKETS.get(word) ?? 0;
    if (word === "and" && depth === 0) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.some((part) => MAIN_GUARD.test(part.join(" ")));
}

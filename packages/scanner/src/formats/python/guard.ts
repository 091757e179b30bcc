const MAIN_GUARD = /^(\( )*(__name__ == __main__|__main__ == __name__)( \))*$/;
const OPENS = new Set(["(", "[", "{"]);
const CLOSES = new Set([")", "]", "}"]);

/** Whether the words of a condition are `__name__ == "__main__"`, whatever `and` adds: false where a file is imported. */
export function isMainGuard(words: readonly string[]): boolean {
  if (words.includes("or") || words.includes("else")) return false;
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of words) {
    if (OPENS.has(word)) depth++;
    else if (CLOSES.has(word)) depth--;
    if (word === "and" && depth === 0) parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.some((part) => MAIN_GUARD.test(part.join(" ")));
}

/** Shannon's entropy of the characters, in bits for each. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** What people write where a secret belongs. */
const PLACEHOLDER =
  /example|placeholder|\bmy[-_]?(?:secret|key|token|api|new|super|pass)|your[-_ ]?(?:api|key|token|secret|password)|dummy|redacted|change[-_]?me|replace|insert|x{6}|\*{3}|\.{3}|#{4}|<[\w .-]{1,60}>|\$\{[\w.:-]{1,60}\}|\$\(|\{\{[^{}]{1,60}\}\}|^\{[\w.]{1,60}\}$|^\$\w{1,60}$|%\(|%s/i;
/** Some providers' tokens hold many of the letter A: zeros in base 64. */
const RUN = /([^A])\1{6}/;

/** Whether the text stands for a secret instead of being one. */
export function isPlaceholder(text: string, runs = true): boolean {
  return PLACEHOLDER.test(text) || (runs && RUN.test(text));
}

const COUNTING = [
  "0123456789",
  "1234567890",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiop",
  "asdfghjkl",
  "deadbeef",
  "cafebabe",
  "testtest",
];

/** Whether the text counts up or down the alphabet or the keyboard, as made-up keys do. */
export function isCounting(text: string): boolean {
  const folded = text.toLowerCase();
  return COUNTING.some((row) => {
    for (let i = 0; i + 6 <= row.length; i++) if (folded.includes(row.slice(i, i + 6))) return true;
    return false;
  });
}

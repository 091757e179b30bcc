/** Where one of the words stands in a text. */
export interface Hit {
  word: string;
  at: number;
}

/**
 * Finds every place of many words in one pass (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994):
 * pairs of characters say how far the next possible word is away. Case does not count; whoever asks looks again.
 */
export class WordFinder {
  /** The length of the shortest word; of longer ones only so much takes part in the search. */
  private readonly shortest: number;
  private readonly shift: Uint8Array;
  private readonly buckets = new Map<number, string[]>();

  constructor(words: Iterable<string>) {
    const unique = new Set(Array.from(words, (word) => word.toLowerCase()));
    this.shortest = Math.min(255, ...Array.from(unique, ({ length }) => length));
    if (this.shortest < 2) throw new Error("a word is too short");
    this.shift = new Uint8Array(65_536).fill(this.shortest - 1);
    for (const word of unique) this.add(word);
  }

  private add(word: string): void {
    const last = this.shortest - 2;
    for (let i = 0; i <= last; i++) {
      for (const pair of pairsOf(word.charCodeAt(i), word.charCodeAt(i + 1))) {
        this.shift[pair] = Math.min(this.shift[pair] ?? 0, last - i);
      }
    }
    const bucket = this.buckets.get(pairAt(word, last));
    if (bucket) bucket.push(word);
    else this.buckets.set(pairAt(word, last), [word]);
  }

  /** Calls `found` for each place of each word, from the beginning to the end. */
  find(text: string, found: (hit: Hit) => void): void {
    const { shift } = this;
    const end = text.length - 1;
    const last = this.shortest - 2;
    for (let at = last; at < end; ) {
      const step = shift[((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff)] ?? 0;
      if (step > 0) at += step;
      else {
        this.compare(text, at - last, pairAt(text, at), found);
        at++;
      }
    }
  }

  private compare(text: string, start: number, pair: number, found: (hit: Hit) => void): void {
    for (const word of this.buckets.get(pair) ?? []) {
      let i = 0;
      while (i < word.length && fold(text.charCodeAt(start + i)) === word.charCodeAt(i)) i++;
      if (i === word.length) found({ word, at: start });
    }
  }
}

function fold(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** A pair in either case: the search itself then folds nothing. */
function pairsOf(first: number, second: number): number[] {
  const seconds = [second & 0xff, upper(second) & 0xff];
  return [first & 0xff, upper(first) & 0xff].flatMap((high) => seconds.map((low) => (high << 8) | low));
}

function upper(code: number): number {
  return code >= 97 && code <= 122 ? code - 32 : code;
}

function pairAt(text: string, at: number): number {
  return ((fold(text.charCodeAt(at)) & 0xff) << 8) | (fold(text.charCodeAt(at + 1)) & 0xff);
}

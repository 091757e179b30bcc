const SLOTS = 4096;
const LONGEST = 40;

/**
 * Short ASCII texts that were decoded lately. A dense pickle repeats its keys, and decoding a text anew costs more than
 * to compare its bytes with the one that was seen before.
 */
export class RecentText {
  /** Made with the first text: of the many streams that are only tried, most have none. */
  private slots: (string | undefined)[] | undefined;

  /** The text of these bytes; undefined when it is too long or not ASCII. */
  get(bytes: Buffer, start: number, length: number): string | undefined {
    if (length > LONGEST) return undefined;
    let hash = length;
    let bits = 0;
    for (let at = start; at < start + length; at++) {
      const byte = bytes[at] ?? 0;
      bits |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (bits >= 0x80) return undefined;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    this.slots ??= new Array<string | undefined>(SLOTS).fill(undefined);
    const known = this.slots[slot];
    if (known !== undefined && isText(known, bytes, start, length)) return known;
    const text = bytes.toString("latin1", start, start + length);
    this.slots[slot] = text;
    return text;
  }
}

function isText(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

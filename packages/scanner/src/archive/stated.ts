import { type Source, slice } from "../core/source.js";
import { statedSize } from "../formats/arrays/stated-size.js";
import { itemsReach } from "./reach.js";
import { BLOCK, isTarHeader, readTarHeader } from "./tar-header.js";

/** Tables and lists of numbers up to this size fit into anybody's memory, also where they repeat themselves. */
const TEXT = 256 * 1024 * 1024;
const TEXT_HEAD = /^(?:\xef\xbb\xbf)?[\s\x20-\x7e\x80-\xff]{64,}$/;
const NUMBERS = /\d[\s,;:\]]/g;
/** In so many bytes of a table or list of numbers at least one of them ends. */
const NUMBER_WITHIN = 64;
/** Zero blocks behind the last member: GNU tar fills up its records. */
const TAR_END = 64 * 1024;

/**
 * How far unpacked bytes go by what they say themselves. A header that states the size of an array, or of a member of a
 * tar file, tells honest zeros, of which a thousand bytes become one, from a bomb, of which nobody said how large it is.
 */
export class Stated {
  private tarAt = 0;
  private unstated = 0;
  private readonly spare: number;

  /** Members of a tar file of `spare` bytes in all need not say themselves how large they are. */
  constructor(spare: number) {
    this.spare = spare;
  }

  /** Where what has come out so far is going to end; not beyond `source` when it does not say. */
  reach(source: Source): number {
    if (isTarHeader(source.read(0, BLOCK))) return this.tarReach(source);
    return contentReach(source);
  }

  /** Whether what follows says itself how much more there is, so that `reach` is not the end. */
  grows(source: Source): boolean {
    return isTarHeader(source.read(0, BLOCK)) || itemsReach(source) !== undefined;
  }

  private tarReach(source: Source): number {
    for (;;) {
      const header = source.read(this.tarAt, BLOCK);
      if (header.length < BLOCK) return this.tarAt + BLOCK;
      if (!isTarHeader(header)) return header[0] === 0 ? this.tarAt + TAR_END : this.tarAt;
      const data = this.tarAt + BLOCK;
      const { size } = readTarHeader(header);
      const reached = this.memberReach(slice(source, data, size), size);
      if (reached < size) return data + reached;
      const end = data + Math.ceil(size / BLOCK) * BLOCK;
      if (end > source.size) return end;
      this.tarAt = end;
    }
  }

  /** How far a member accounts for its bytes, as many as have come out. */
  private memberReach(held: Source, size: number): number {
    const reached = contentReach(held);
    if (reached >= size) return size;
    if (reached > held.size) return reached;
    if (this.unstated + size > this.spare) return reached;
    if (held.size === size) this.unstated += size;
    return size;
  }
}

function contentReach(source: Source): number {
  const stated = statedSize(source);
  if (stated !== undefined) return stated;
  const reached = itemsReach(source);
  if (reached !== undefined) return reached;
  const head = source.read(0, 4096).toString("latin1");
  const numbers = TEXT_HEAD.test(head) ? (head.match(NUMBERS)?.length ?? 0) : 0;
  return numbers > 0 && numbers * NUMBER_WITHIN >= head.length ? TEXT : 0;
}

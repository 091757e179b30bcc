import { fault } from "./faults.js";
import { largestPowerBelow, type TileTree } from "./tree.js";

type Range = readonly [start: number, end: number];

/** RFC 6962 section 2.1.1: the siblings from the leaf up. */
function inclusionRanges(index: number, start: number, end: number): Range[] {
  if (end - start <= 1) return [];
  const middle = start + largestPowerBelow(end - start);
  return index < middle
    ? [...inclusionRanges(index, start, middle), [middle, end]]
    : [...inclusionRanges(index, middle, end), [start, middle]];
}

/** RFC 6962 section 2.1.2; `known` while the old tree's root needs no repeating. */
function consistencyRanges(from: number, start: number, end: number, known: boolean): Range[] {
  if (from === end) return known ? [] : [[start, end]];
  const middle = start + largestPowerBelow(end - start);
  return from <= middle
    ? [...consistencyRanges(from, start, middle, known), [middle, end]]
    : [...consistencyRanges(from, middle, end, false), [start, middle]];
}

export async function inclusionProof(tree: TileTree, index: number, size: number): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size || !isWithin(tree, size)) {
    throw fault("log-not-found", `there is no entry ${index} in a log of size ${size}`, { index, size });
  }
  return hashRanges(tree, inclusionRanges(index, 0, size));
}

export async function consistencyProof(tree: TileTree, from: number, to: number): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(from) || from < 0 || from > to || !isWithin(tree, to)) {
    throw fault("log-not-found", `the log has no sizes ${from} and ${to}`, { from, to });
  }
  return from === 0 ? [] : hashRanges(tree, consistencyRanges(from, 0, to, true));
}

function isWithin(tree: TileTree, size: number): boolean {
  return Number.isSafeInteger(size) && size <= tree.size;
}

async function hashRanges(tree: TileTree, ranges: readonly Range[]): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const [start, end] of ranges) hashes.push(new Uint8Array(await tree.rangeHash(start, end)));
  return hashes;
}

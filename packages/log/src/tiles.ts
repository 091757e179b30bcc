import { HASH_SIZE } from "./merkle.js";

/** C2SP tlog-tiles: 256 hashes or entries to a tile. */
export const TILE_WIDTH = 256;
export const TILE_BYTES: number = TILE_WIDTH * HASH_SIZE;
/** An entry carries its length in 16 bits. */
export const MAX_LEAF = 65_535;

export type TileLevel = number | "entries";

/** Index 1234067 is x001/x234/067; a width below 256 makes a partial tile. */
export function tilePath(level: TileLevel, index: number, width: number = TILE_WIDTH): string {
  let rest = Math.floor(index / 1000);
  let path = threeDigits(index % 1000);
  for (; rest > 0; rest = Math.floor(rest / 1000)) path = `x${threeDigits(rest % 1000)}/${path}`;
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

function threeDigits(value: number): string {
  return String(value).padStart(3, "0");
}

/** How many hashes a tree of `size` has at a tile level. */
export function levelWidth(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** How wide a tile is in a tree of `size`; 0 when it is not there. */
export function tileWidth(size: number, level: number, index: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, levelWidth(size, level) - index * TILE_WIDTH));
}

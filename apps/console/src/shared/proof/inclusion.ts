import { hashLater, leafPreimage, provesInclusion } from "@countersign/log/proof";
import { canonical } from "./canonical.js";
import { fromBase64, sha256, toBase64, utf8 } from "./encoding.js";

/** One level of the way up: our node, the node beside it, and which side that one stands on. */
export interface Level {
  node: string;
  sibling: string;
  side: "left" | "right";
}

export interface Climb {
  /** The text that was hashed: canonical JSON of what is shown. */
  leaf: string;
  leafHash: string;
  levels: Level[];
  /** Where the climb ended. */
  root: string;
  proven: boolean;
}

const HASH = 32;

/** Rebuilds a leaf from the shown fields, hashes it and climbs to the root, keeping the way for the picture. */
export const climb = async (
  shown: unknown,
  index: number,
  size: number,
  proof: string[],
  root: string,
): Promise<Climb> => {
  const leaf = canonical(shown);
  const start = await sha256(leafPreimage(utf8(leaf)));
  const levels: Level[] = [];
  let node: Uint8Array = start;
  // A node's preimage is 0x01, left, right: whichever half is not ours is the sibling.
  const hash = async (preimage: Uint8Array): Promise<Uint8Array> => {
    const left = preimage.subarray(1, 1 + HASH);
    const right = preimage.subarray(1 + HASH);
    const ours = toBase64(node);
    const side = toBase64(right) === ours ? "left" : "right";
    levels.push({ node: ours, sibling: toBase64(side === "left" ? left : right), side });
    node = await sha256(preimage);
    return node;
  };
  const work = provesInclusion(index, size, start, proof.map(fromBase64), fromBase64(root));
  const proven = await hashLater(work, hash);
  return { leaf, leafHash: toBase64(start), levels, root: toBase64(node), proven };
};

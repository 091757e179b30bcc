import { readFileSync } from "node:fs";

/** A small file that a real library wrote; `samples/README.md` says which and how. */
export function sample(name: string): Buffer {
  return readFileSync(new URL(`samples/${name}`, import.meta.url));
}

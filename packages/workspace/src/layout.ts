import { join } from "node:path";

/** Version of the data directory; a build opens this one and, by migration, every older one. */
export const FORMAT = 1;

export interface Layout {
  format: string;
  keys: string;
  keyUses: string;
  log: string;
  objects: string;
  pin: string;
  policies: string;
  knownBad: string;
}

/** Where things lie in a data directory. */
export const layoutOf = (directory: string): Layout => ({
  format: join(directory, "FORMAT"),
  keys: join(directory, "keys"),
  keyUses: join(directory, "keys", "uses.jsonl"),
  log: join(directory, "log"),
  objects: join(directory, "objects"),
  pin: join(directory, "trust", "pin.json"),
  policies: join(directory, "policies"),
  knownBad: join(directory, "known-bad.txt"),
});

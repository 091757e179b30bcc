import type { Seen } from "./checkpoint.js";

const KEY = "countersign.log-key";
const SEEN = "countersign.log-seen";

/** The log key that the user pinned, and when. */
export interface Pin {
  vkey: string;
  at: number;
}

const read = (name: string): unknown => {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
};

export const readPin = (): Pin | undefined => {
  const value = read(KEY) as Partial<Pin> | null;
  return typeof value?.vkey === "string" && typeof value.at === "number"
    ? { vkey: value.vkey, at: value.at }
    : undefined;
};

/** A new key is a new log: what was seen of the old one says nothing about it. */
export const writePin = (pin: Pin): void => {
  if (readPin()?.vkey !== pin.vkey) localStorage.removeItem(SEEN);
  localStorage.setItem(KEY, JSON.stringify(pin));
};

export const readSeen = (): Seen | undefined => {
  const value = read(SEEN) as Partial<Seen> | null;
  return typeof value?.size === "number" && typeof value.root === "string" && typeof value.at === "number"
    ? { size: value.size, root: value.root, at: value.at }
    : undefined;
};

export const writeSeen = ({ size, root, at }: Seen): void =>
  localStorage.setItem(SEEN, JSON.stringify({ size, root, at }));

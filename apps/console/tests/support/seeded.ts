import { type Client, createClient } from "@countersign/api";
import { inject } from "vitest";
import { type Seeded, seedRecord } from "./seed.js";

let record: Promise<Seeded> | undefined;

/** The API as an administrator calls it. */
export const api = (): Client => createClient({ baseUrl: inject("url"), token: inject("token") });

/** A small lender's record: made once, after the parts that tell of an untouched workspace. */
export const seeded = (): Promise<Seeded> => {
  record ??= seedRecord(api(), inject("url"), inject("token"));
  return record;
};

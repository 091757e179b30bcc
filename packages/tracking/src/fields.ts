import { isRecord } from "@countersign/evidence";
import { invalid } from "./error.js";

/** What a client sent: members of a JSON body, or of a query. */
export type Fields = Readonly<Record<string, unknown>>;

/** A text that must be there and must say something. */
export function text(input: Fields, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw invalid(`Missing value for required parameter '${name}'.`);
  return value;
}

/** Clients write absent members as null. PostgreSQL keeps no NUL, and a name that holds one is hostile. */
export function optionalText(input: Fields, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`Invalid value for parameter '${name}': it must be a string.`);
  return cleanText(value, name);
}

export function cleanText(value: string, name: string): string {
  if (value.includes("\0")) throw invalid(`Invalid value for parameter '${name}': it holds a NUL character.`);
  return value;
}

/** 64-bit integers come as numbers or, in the JSON form of protocol buffers, as texts. */
export function optionalInteger(input: Fields, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null || value === "") return undefined;
  const number = typeof value === "string" && /^-?\d{1,19}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) {
    throw invalid(`Invalid value for parameter '${name}': it must be a whole number below 2^53.`);
  }
  return number;
}

export function integer(input: Fields, name: string): number {
  const value = optionalInteger(input, name);
  if (value === undefined) throw invalid(`Missing value for required parameter '${name}'.`);
  return value;
}

const DOUBLES: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

/** A double; what JSON has no number for is a text, as protocol buffers write it. */
export function double(input: Fields, name: string): number {
  const value = input[name];
  if (typeof value === "number") return value;
  if (value === undefined || value === null) throw invalid(`Missing value for required parameter '${name}'.`);
  const number = typeof value === "string" ? (DOUBLES[value] ?? decimal(value)) : undefined;
  if (number === undefined) throw invalid(`Invalid value for parameter '${name}': it must be a number.`);
  return number;
}

function decimal(value: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : undefined;
}

/** How a double is written to a client. */
export function writeDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export function optionalFlag(input: Fields, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw invalid(`Invalid value for parameter '${name}': it must be true or false.`);
}

/** A list of objects; absent is empty. A query that names something once gives no list, but one text. */
export function records(input: Fields, name: string): Fields[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isRecord)) {
    throw invalid(`Invalid value for parameter '${name}': it must be a list of objects.`);
  }
  return value;
}

export function texts(input: Fields, name: string): string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
    throw invalid(`Invalid value for parameter '${name}': it must be a list of strings.`);
  }
  return list.map((item: string) => cleanText(item, name));
}

export function optionalRecord(input: Fields, name: string): Fields | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw invalid(`Invalid value for parameter '${name}': it must be an object.`);
  return value;
}

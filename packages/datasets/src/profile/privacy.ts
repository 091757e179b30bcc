import type { Privacy } from "./types.js";

/** Words that name people or what leads to them, as parts of a column's name. */
const NAMES =
  /(^|[^a-z])(e?mail|phone|mobile|tel|fax|ssn|passport|iban|bic|card|address|street|city|zip|postcode|postal|birth|dob|name|surname|username|user|patient|customer|client|person|member|employee|subject|ip|mac|device|cookie|session|licen[cs]e.?plate|national|insurance|tax|latitude|longitude|lat|lon|lng|gps)([^a-z]|$)/;

const EMAIL = /[^\s@]{1,64}@[^\s@]{1,255}\.[a-z]{2,}/i;
const NUMBERS = /^\+?[\d\s().-]{7,}$/;
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:]*$/i;

/** Splits `customerName` and `customer_name` alike. */
const words = (name: string): string =>
  name
    .slice(0, 512)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase();

/** Whether values of a column may be about a person, by what it is called and by what was declared. */
export function isPersonal(column: string, privacy: Privacy): boolean {
  return privacy.personal || privacy.columns.includes(column) || NAMES.test(words(column));
}

/** A value that fewer rows than this share may point at one person. */
export const MIN_SHARED = 5;
const MAX_QUOTED = 64;
/** Above this many different values a column tells rows apart rather than grouping them. */
const MAX_GROUPS = 50;

/** The frequent values that may be shown: short, shared by several rows, and none that looks like an identifier. */
export function quotable(
  top: readonly { value: string; count: number }[],
  distinct: number,
): { value: string; count: number }[] {
  if (distinct > MAX_GROUPS) return [];
  if (top.some(({ value }) => EMAIL.test(value) || NUMBERS.test(value) || ADDRESS.test(value))) return [];
  return top.filter(({ value, count }) => count >= MIN_SHARED && value.length <= MAX_QUOTED);
}

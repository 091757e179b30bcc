import type { Document } from "./document.js";

/** One difference: where (a JSON pointer), what stands there and what should; absent where nothing does. */
export interface Change {
  path: string;
  before?: unknown;
  after?: unknown;
}

/** What must change for `have` to say what `wanted` says; empty when it does. */
export function diffDocuments(wanted: Document | undefined, have: Document | undefined): Change[] {
  return diffValues(wanted, have, "");
}

function diffValues(wanted: unknown, have: unknown, path: string): Change[] {
  if (Object.is(wanted, have)) return [];
  if (!isTree(wanted) || !isTree(have) || Array.isArray(wanted) !== Array.isArray(have)) {
    return [
      {
        path,
        ...(have === undefined ? {} : { before: have }),
        ...(wanted === undefined ? {} : { after: wanted }),
      },
    ];
  }
  const names = new Set([...Object.keys(have), ...Object.keys(wanted)]);
  return [...names].flatMap((name) =>
    diffValues(member(wanted, name), member(have, name), `${path}/${escaped(name)}`),
  );
}

const isTree = (value: unknown): value is object => value !== null && typeof value === "object";
const member = (value: object, name: string): unknown =>
  Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

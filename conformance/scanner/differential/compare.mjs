/** Several appends to one target in a row are one: CPython's versions differ in how they call. */
function merged(events) {
  const out = [];
  for (const event of events) {
    if (event[0] === "append" && event[2] === 0) continue;
    const last = out.at(-1);
    const joins =
      ["append", "add", "set"].includes(event[0]) && last?.[0] === event[0] && last[1] === event[1];
    if (joins) last[2] += event[2];
    else out.push([...event]);
  }
  return out;
}

/** Numbers name events by their place, which merging moves: so they become the number of the value among values. */
function renumbered(events) {
  const order = new Map();
  let next = 0;
  events.forEach((event, at) => {
    if (["find", "call", "new", "persistent"].includes(event[0])) order.set(at, next++);
  });
  const name = (number) => order.get(number) ?? number;
  return events.map((event) =>
    event.map((part, at) => {
      if (at === 1 && typeof part === "number") return name(part);
      return typeof part === "string" && event[0] !== "find"
        ? part.replace(/#(\d+)/g, (_, number) => `#${name(Number(number))}`)
        : part;
    }),
  );
}

/** A lone surrogate comes out of Node's decoder as three replacement characters. */
const asText = (text) =>
  text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : "\ufffd\ufffd\ufffd",
  );

function sameText(ours, theirs, loose) {
  if (ours === null || ours === theirs) return true;
  return loose || asText(ours) === asText(theirs);
}

/** JSON text inside a shape differs in escapes between the two languages only. */
function sameShape(ours, theirs, loose) {
  if (ours === null || ours === undefined || ours === theirs || loose) return true;
  const words = (shape) =>
    shape.replace(/"(?:[^"\\]|\\.)*"/g, (text) => JSON.stringify(asText(JSON.parse(text))));
  const mine = words(ours);
  const wanted = words(theirs);
  if (mine === wanted) return true;
  if (!mine.includes("?")) return false;
  return mine.length < 400 && wildcard(mine).test(wanted);
}

const wildcard = (shape) =>
  new RegExp(
    `^${shape
      .split("?")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^,]*(?:\\([^()]*\\))?")}$`,
  );

/**
 * The first event of CPython that we did not see in its place, or undefined. `loose` compares no text: another encoding
 * of Python 2 strings gives other values.
 */
export function firstDifference(ours, theirs, loose) {
  const mine = merged(renumbered(ours));
  const wanted = merged(renumbered(theirs));
  for (const [at, event] of wanted.entries()) {
    const seen = mine[at];
    if (seen && same(seen, event, loose, at === wanted.length - 1)) continue;
    return { at, ours: seen, theirs: event };
  }
  return undefined;
}

function same(seen, event, loose, last) {
  const [kind, first, second] = event;
  if (seen[0] !== kind) return false;
  if (kind === "find") return sameText(seen[1], first, loose) && sameText(seen[2], second, loose);
  if (kind === "persistent") return sameShape(seen[1], first, loose);
  if (seen[1] !== first) return false;
  if (typeof second === "number") return seen[2] === second || (last && seen[2] > second);
  const [, , all, withoutKeywords] = seen;
  return [all, withoutKeywords].some(
    (shape) =>
      shape !== undefined && (sameShape(shape, second, loose) || sameShape(unpacked(shape), second, loose)),
  );
}

/** The Python unpickler calls with whatever can be iterated. */
function unpacked(shape) {
  if (shape?.startsWith("[")) return `(${shape.slice(1, -1)})`;
  return shape && /^[{SZ"b]/.test(shape) ? null : shape;
}

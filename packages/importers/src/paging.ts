import { CountersignError } from "@countersign/evidence";

const MAX_PAGES = 100_000;
const MAX_CURSOR = 16_384;

export interface SourcePage<T> {
  items: T[];
  next: string | undefined;
}

/** All pages of a list, one after the other; a source that leads in a circle or never ends is refused. */
export async function* pages<T>(
  what: string,
  read: (cursor: string | undefined) => Promise<SourcePage<T>>,
  start?: string,
): AsyncGenerator<SourcePage<T>> {
  const seen = new Set<string>();
  let cursor = start;
  for (let count = 0; count < MAX_PAGES; count++) {
    const page = await read(cursor);
    yield page;
    const { next } = page;
    if (next === undefined) return;
    if (seen.has(next) || next === cursor) throw refused(`the pages of ${what} lead in a circle`);
    if (next.length > MAX_CURSOR)
      throw refused(`a page of ${what} names the next one in more than ${MAX_CURSOR} characters`);
    seen.add(next);
    cursor = next;
  }
  throw refused(`${what} has more than ${MAX_PAGES} pages`);
}

/** The items of all pages, each with the page from which to go on if what comes after it fails. */
export async function* resumable<T>(
  what: string,
  read: (cursor: string | undefined) => Promise<SourcePage<T>>,
  start?: string,
): AsyncGenerator<{ item: T; resume: { cursor?: string } }> {
  let current = start;
  for await (const { items, next } of pages(what, read, start)) {
    for (const [at, item] of items.entries()) {
      const cursor = at === items.length - 1 ? (next ?? current) : current;
      yield { item, resume: cursor === undefined ? {} : { cursor } };
    }
    current = next;
  }
}

export async function allItems<T>(
  what: string,
  read: (cursor: string | undefined) => Promise<SourcePage<T>>,
  most: number,
): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages(what, read)) {
    items.push(...page.items);
    if (items.length > most) throw refused(`${what} has more than ${most} entries`);
  }
  return items;
}

function refused(message: string): CountersignError {
  return new CountersignError("too-complex", message, {
    detail: { remedy: "import a part of it: --name NAME" },
  });
}

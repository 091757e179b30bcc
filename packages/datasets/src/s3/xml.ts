/** What a list of objects (ListObjectsV2, `encoding-type=url`) says. */
export interface ListedPage {
  objects: { key: string; etag: string; size: number }[];
  next: string | undefined;
}

/** Reads the few elements that are needed; keys come URL-encoded, so that no markup can be in them. */
export function readList(xml: string): ListedPage {
  if (!/<ListBucketResult[\s>]/.test(xml)) throw new Error("the answer is no list of objects");
  const objects: ListedPage["objects"] = [];
  for (const [, block = ""] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const size = Number(element(block, "Size"));
    const key = decodeKey(element(block, "Key") ?? "");
    if (key === "" || !Number.isSafeInteger(size) || size < 0)
      throw new Error("the list of objects is malformed");
    objects.push({ key, etag: text(element(block, "ETag") ?? ""), size });
  }
  const truncated = element(xml, "IsTruncated") === "true";
  const next = text(element(xml, "NextContinuationToken") ?? "");
  return { objects, next: truncated && next !== "" ? next : undefined };
}

function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const end = xml.indexOf(`</${name}>`, from);
  return end < 0 ? undefined : xml.slice(from, end);
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function text(raw: string): string {
  return raw.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function decodeKey(raw: string): string {
  try {
    return decodeURIComponent(text(raw).replaceAll("+", " "));
  } catch {
    throw new Error("the list of objects has a key that is malformed");
  }
}

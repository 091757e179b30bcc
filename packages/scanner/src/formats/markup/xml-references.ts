/** How far a reference of a document leads. */
export type Reach = "known" | "beside" | "outside";

export interface Reference {
  kind: "entity" | "subset";
  text: string;
  at: number;
  reach: Reach;
}

const ADDRESS = /\s*(?:"([^"]*)"|'([^']*)')/.source;
const EXTERNAL = String.raw`(?:SYSTEM|PUBLIC\s*(?:"[^"]*"|'[^']*'))${ADDRESS}`;
const ENTITY: RegExp = new RegExp(String.raw`<!ENTITY\s+(?:%\s+)?[^\s"'<>]+\s+${EXTERNAL}`, "gi");
const SUBSET: RegExp = new RegExp(String.raw`^<!DOCTYPE\s+[^\s"'<>[]+\s+${EXTERNAL}`, "i");

const DEFINITION = /^[\w.][\w./-]*\.dtd$/i;

/** Where definitions of document types are published; an address elsewhere tells somebody that the file was opened. */
const PUBLISHERS =
  /^https?:\/\/(?:[\w-]+\.)*(?:w3\.org|dmg\.org|apple\.com|oasis-open\.org|docbook\.org|docbook\.sourceforge\.net|freedesktop\.org|java\.sun\.com|jcp\.org|springframework\.org|apache\.org|gnome\.org|mozilla\.org)\//i;

/** Whether an address stays with the document, is a published definition, or leads to other files or hosts. */
export function reachOf(address: string): Reach {
  if (address === "" || /^(urn|about):/i.test(address)) return "known";
  if (PUBLISHERS.test(address) && /\.(dtd|ent|mod)$/i.test(address)) return "known";
  return /^\s*[a-z][a-z0-9+.-]*:|^\s*[/\\]|\.\.[/\\]|%/i.test(address) ? "outside" : "beside";
}

/** What a declaration of a document type, or of one entity, takes from elsewhere. */
export function* referencesOf(body: string): Generator<Reference> {
  const subset = SUBSET.exec(body);
  if (subset) {
    const found = reference("subset", subset);
    // A definition in a directory above is as ordinary as one beside the document.
    yield DEFINITION.test(subset[1] ?? subset[2] ?? "") ? { ...found, reach: "beside" } : found;
  }
  for (const entity of body.matchAll(ENTITY)) yield reference("entity", entity);
}

function reference(kind: Reference["kind"], match: RegExpExecArray): Reference {
  const [text, double, single] = match;
  return { kind, text: text.slice(0, 160), at: match.index, reach: reachOf(double ?? single ?? "") };
}

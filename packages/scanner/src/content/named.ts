import type { LicenceClaim } from "../core/gathered.js";
import type { Part, Scan } from "../core/scan.js";
import { readCard } from "./licence/card.js";
import { licenceIdentifier } from "./licence/identifiers.js";
import { licenceOfText } from "./licence/texts.js";

const CARD = /^(?:readme|model[_-]?card)\.(?:md|markdown)$/i;
const LICENCE = /^(?:licen[cs]e|copying|unlicense|use_policy|terms)(?:[-._][\w.-]{0,40})?$/i;
const PACKAGE = /^(?:METADATA|PKG-INFO)$/;
const JSON_LICENCE = /^(?:package|config|metadata|model_index|modelinfo)\.json$/i;
const MAX_NAMED = 256 * 1024;

/** What files say of the licence that everybody knows by their names. */
export function readNamed(scan: Scan, part: Part): void {
  const name = part.name.slice(part.name.lastIndexOf("/") + 1);
  if (CARD.test(name)) card(scan, part, head(part));
  else if (LICENCE.test(name)) claim(scan, part, licenceOfText(head(part)), "text");
  else if (PACKAGE.test(name)) {
    const written = /^License(?:-Expression)?:[ \t]{0,4}(.{1,80})$/m.exec(head(part))?.[1];
    if (written !== undefined) claim(scan, part, licenceIdentifier(written), "metadata");
  } else if (JSON_LICENCE.test(name)) {
    const written = /^\s{0,12}\{?\s{0,12}"licen[cs]e"\s{0,4}:\s{0,4}"([^"\\]{1,80})"/m.exec(head(part))?.[1];
    if (written !== undefined) claim(scan, part, licenceIdentifier(written), "metadata");
  }
}

function head(part: Part): string {
  return part.source.read(0, MAX_NAMED).toString("utf8");
}

function claim(scan: Scan, part: Part, licence: string | undefined, source: LicenceClaim["source"]): void {
  if (licence === undefined) return;
  scan.gathered.claim({ licence, source, ...(part.member === "" ? {} : { member: part.member }) });
}

/** A licence that a field of the format names. */
export function claimLicence(scan: Scan, part: Part, written: unknown): void {
  if (typeof written === "string") claim(scan, part, licenceIdentifier(written), "metadata");
}

function card(scan: Scan, part: Part, text: string): void {
  const content = readCard(text);
  if (!content) return;
  for (const written of content.licences) claim(scan, part, licenceIdentifier(written), "card");
  if (part.depth > 0) return;
  scan.gathered.card = content.card;
  if (content.card.missing.length === 0) return;
  const message = `The model card has no section on ${content.card.missing.join(", ")}.`;
  scan.report("model-card-incomplete", part, message, { cause: "card" });
}

import { CountersignError, parseJson } from "@countersign/evidence";
import { type Loose, record, records, text, texts } from "../value.js";

/** A CycloneDX BOM as far as it speaks of models, data and what they rest on. */
export interface Bom {
  specVersion: string;
  serial: string | undefined;
  /** What the BOM is about. */
  subject: Loose | undefined;
  /** All of them, nested ones too, the subject not. */
  components: Loose[];
  services: Loose[];
  /** From a bom-ref to the bom-refs that it depends on directly. */
  dependsOn: Map<string, string[]>;
  notes: string[];
}

const VERSIONS = new Set(["1.4", "1.5", "1.6", "1.7"]);
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_COMPONENTS = 200_000;

/** Reads a BOM in JSON. It need not validate: what is missing reads as absent, and what is no BOM at all is refused. */
export function readBom(bytes: Uint8Array): Bom {
  const document = record(parse(bytes));
  if (document.bomFormat !== "CycloneDX") throw refused("its bomFormat is not CycloneDX");
  const specVersion = text(document.specVersion) ?? "unknown";
  const notes: string[] = [];
  if (!VERSIONS.has(specVersion))
    notes.push(`specVersion ${specVersion} is not one of 1.4 to 1.7; it is read as 1.7`);
  const subject = document.metadata === undefined ? undefined : record(record(document.metadata).component);
  return {
    specVersion,
    serial: text(document.serialNumber),
    subject: subject !== undefined && text(subject.name) !== undefined ? subject : undefined,
    components: flatten([...records(document.components), ...records(subject?.components)]),
    services: flatten(records(document.services), "services"),
    dependsOn: dependencies(document, notes),
    notes,
  };
}

function parse(bytes: Uint8Array): unknown {
  if (/^\s*(\ufeff)?</.test(new TextDecoder().decode(bytes.subarray(0, 64))))
    throw refused("it is XML", "cyclonedx convert --output-format json");
  return parseJson(bytes, { maxBytes: MAX_BYTES, maxDepth: 64 });
}

function refused(why: string, remedy = "give a CycloneDX BOM in JSON, version 1.4 to 1.7"): CountersignError {
  return new CountersignError("bad-request", `this is no CycloneDX BOM that can be read: ${why}`, {
    detail: { remedy },
  });
}

// parseJson has bounded how deep this goes.
function flatten(all: readonly Loose[], member = "components"): Loose[] {
  const found: Loose[] = [];
  const open = [...all].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    if (found.length > MAX_COMPONENTS)
      throw new CountersignError("too-complex", `the BOM has more than ${MAX_COMPONENTS} components`);
    open.push(...records(next[member]).reverse());
  }
  return found;
}

function dependencies(document: Loose, notes: string[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const { ref, dependsOn } of records(document.dependencies)) {
    const from = text(ref);
    if (from === undefined) continue;
    if (map.has(from)) notes.push(`the dependencies of ${from} stand twice; both are read`);
    map.set(
      from,
      [...new Set([...(map.get(from) ?? []), ...texts(dependsOn)])].filter((to) => to !== from),
    );
  }
  return map;
}

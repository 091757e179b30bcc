import { CountersignError, canonicalJson } from "@countersign/evidence";
import fc from "fast-check";
import { expect, it } from "vitest";
import { documents } from "../test/arbitrary.js";
import {
  canonicalDocument,
  checkDocument,
  type Document,
  diffDocuments,
  documentDigest,
  parseDocuments,
  parseYaml,
  printDocument,
  referencesOf,
  tagStatements,
} from "./index.js";

const same = (value: unknown): string => Buffer.from(canonicalJson(value)).toString();

it("prints what it reads, and reads what it prints, byte for byte", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(documents, { maxLength: 4, selector: (d) => `${d.kind}:${d.metadata.name}` }),
      (all) => {
        const text = all.map(printDocument).join("---\n");
        const read = parseDocuments(text);
        expect(read.map(same)).toEqual(all.map(same));
        expect(read.map(printDocument).join("---\n")).toBe(text);
        expect(parseDocuments(JSON.stringify(all)).map(documentDigest)).toEqual(all.map(documentDigest));
      },
    ),
    { numRuns: 80 },
  );
});

it("gives documents that say the same the same digest and text, in whatever order they say it", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const turned = reversed(document) as Document;
      expect(documentDigest(turned)).toBe(documentDigest(document));
      expect(printDocument(turned)).toBe(printDocument(document));
      expect(same(canonicalDocument(document))).toBe(same(document));
    }),
    { numRuns: 40 },
  );
});

it("says every difference, and no more: the changes lead from one document to the other", () => {
  fc.assert(
    fc.property(documents, documents, (wanted, have) => {
      const changes = diffDocuments(wanted, have);
      expect(changes.length === 0).toBe(documentDigest(wanted) === documentDigest(have));
      expect(same(patched(have, changes))).toBe(same(wanted));
      expect(diffDocuments(wanted, wanted)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it("never lets a document pass that its own check refuses, nor falls over one", () => {
  fc.assert(
    fc.property(documents, fc.jsonValue(), fc.nat(), (document, garbage, at) => {
      const broken = replaced(document, garbage, at);
      try {
        const checked = checkDocument(broken);
        expect(parseDocuments(printDocument(checked)).map(same)).toEqual([same(checked)]);
        referencesOf(checked);
        tagStatements(checked);
      } catch (error) {
        expect(error).toBeInstanceOf(CountersignError);
      }
    }),
    { numRuns: 120 },
  );
});

it("answers any text with documents or with a code, and soon", () => {
  const pieces = fc.constantFrom(
    ..."[]{},:-?&*!|>'\"%@` \n\t#a1",
    "---\n",
    "...\n",
    "&a ",
    "*a",
    "<<: ",
    "apiVersion: countersign.dev/v1\n",
    "kind: Model\n",
    "metadata:\n  name: x\n",
    "spec: {}\n",
    "!!js ",
    "\u0000",
    "\ufeff",
    "\ud800",
    "- ",
    "? ",
    "|\n  ",
    ">-\n",
    "%YAML 1.1\n",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 120 }), (parts) => {
      const start = process.cpuUsage();
      for (const read of [parseYaml, parseDocuments]) {
        try {
          read(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(CountersignError);
        }
      }
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(1_000);
    }),
    { numRuns: 600 },
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

function patched(have: unknown, changes: { path: string; after?: unknown }[]): unknown {
  let value = structuredClone(have);
  // From the end of a list to its beginning, so that what goes away moves nothing that is still to go.
  for (const { path, after } of [...changes].reverse()) {
    const names = path
      .split("/")
      .slice(1)
      .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = names.pop();
    if (last === undefined) {
      value = after;
      continue;
    }
    const parent = names.reduce((at, name) => (at as Record<string, unknown>)[name], value) as Record<
      string,
      unknown
    >;
    if (after !== undefined) parent[last] = after;
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  }
  return value;
}

/** Puts garbage in the place of one of a document's values. */
function replaced(document: Document, garbage: unknown, at: number): unknown {
  const copy = structuredClone(document) as unknown as Record<string, unknown>;
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    for (const [name, member] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, name]);
      walk(member);
    }
  };
  walk(copy);
  const [parent, name] = places[at % places.length] ?? [copy, "spec"];
  parent[name] = garbage;
  return copy;
}

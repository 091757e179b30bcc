import { referenceUrl } from "../references.js";
import { RULES, type RuleId } from "../rules/rules.js";
import { uuidOf } from "./uuid.js";

/** The catalogues that rules point into, as SARIF taxonomies (SARIF 2.1.0 section 3.19.3). */
const CATALOGUES = [
  {
    name: "CWE",
    organization: "MITRE",
    informationUri: "https://cwe.mitre.org/",
    shortDescription: { text: "The MITRE Common Weakness Enumeration." },
    idOf: (reference: string): string | undefined => /^(CWE-\d+)$/.exec(reference)?.[1],
  },
  {
    name: "ATLAS",
    organization: "MITRE",
    informationUri: "https://atlas.mitre.org/",
    shortDescription: { text: "MITRE's catalogue of attacks on AI systems." },
    idOf: (reference: string): string | undefined => /^MITRE ATLAS (AML\.T[\d.]+)$/.exec(reference)?.[1],
  },
] as const;

interface Taxonomy {
  name: string;
  guid: string;
  taxa: { id: string; guid: string; helpUri?: string }[];
}

/** The taxonomies that the used rules need; a taxon is there once. */
export function taxonomiesOf(rules: readonly string[]): Taxonomy[] {
  return CATALOGUES.flatMap(({ idOf, ...catalogue }) => {
    const taxa = new Map<string, Taxonomy["taxa"][number]>();
    for (const reference of rules.flatMap(referencesOf)) {
      const id = idOf(reference);
      if (id === undefined) continue;
      const helpUri = referenceUrl(reference);
      taxa.set(id, {
        id,
        guid: uuidOf(`countersign ${catalogue.name} ${id}`),
        ...(helpUri === undefined ? {} : { helpUri }),
      });
    }
    if (taxa.size === 0) return [];
    const listed = [...taxa.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return [
      { ...catalogue, guid: uuidOf(`countersign ${catalogue.name}`), isComprehensive: false, taxa: listed },
    ];
  });
}

/** How a rule relates to the taxa that it names. */
export function relationshipsOf(rule: string, taxonomies: readonly Taxonomy[]): object[] {
  return taxonomies.flatMap(({ name, guid, taxa }, at) => {
    const idOf = CATALOGUES.find((catalogue) => catalogue.name === name)?.idOf;
    const ids = referencesOf(rule).map((reference) => idOf?.(reference));
    return taxa.flatMap(({ id }, index) =>
      ids.includes(id)
        ? [{ target: { id, index, toolComponent: { name, guid, index: at } }, kinds: ["superset"] }]
        : [],
    );
  });
}

const referencesOf = (rule: string): readonly string[] =>
  Object.hasOwn(RULES, rule) ? RULES[rule as RuleId].references : [];

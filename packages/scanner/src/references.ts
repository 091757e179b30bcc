// No imports: the browser loads this file too.

const RULE_PAGES = "https://github.com/countersign/countersign/blob/main/docs/rules/";

const ADDRESSES: readonly [pattern: RegExp, address: (id: string) => string][] = [
  [/^(CVE-\d{4}-\d{4,})$/, (id) => `https://nvd.nist.gov/vuln/detail/${id}`],
  [/^(GHSA(?:-[0-9a-z]{4}){3})$/, (id) => `https://github.com/advisories/${id}`],
  [/^CWE-(\d+)$/, (id) => `https://cwe.mitre.org/data/definitions/${id}.html`],
  [/^MITRE ATLAS (AML\.T\d{4}(?:\.\d{3})?)$/, (id) => `https://atlas.mitre.org/techniques/${id}`],
  [/^arXiv:(\d{4}\.\d{4,5})$/, (id) => `https://arxiv.org/abs/${id}`],
  [/^cpython#(\d+)$/, (id) => `https://github.com/python/cpython/issues/${id}`],
  [/^(https:\/\/[\w./~%#?=&-]+)$/, (id) => id],
];

/** Where a reference of a rule can be read; undefined for one that is only a name. */
export function referenceUrl(reference: string): string | undefined {
  for (const [pattern, address] of ADDRESSES) {
    const id = pattern.exec(reference)?.[1];
    if (id !== undefined) return address(id);
  }
  return undefined;
}

/** The page that explains a rule. */
export function rulePageUrl(rule: string): string {
  return `${RULE_PAGES}${encodeURIComponent(rule)}.md`;
}

import { referenceUrl } from "../references.js";
import { RULES, type RuleId } from "../rules/rules.js";

const OUTCOMES = {
  malicious: "the file is **malicious**",
  suspicious: "the file is **suspicious**",
  incomplete: "the scan of the file is **incomplete**",
  note: "a note; the verdict does not change",
};

/** Every page of `docs/rules/`, by file name. A test keeps the files in step. */
export function rulePages(): Map<string, string> {
  const ids = (Object.keys(RULES) as RuleId[]).sort();
  const pages = new Map<string, string>();
  const rows = ids.map(
    (id) => `| [${id}](${id}.md) | ${RULES[id].severity} | ${RULES[id].outcome} | ${RULES[id].title} |`,
  );
  const head = "# Rules of the scanner\n\nMade from the rules themselves; do not edit by hand.\n\n";
  pages.set(
    "README.md",
    `${head}| rule | severity | outcome | what it says |\n|---|---|---|---|\n${rows.join("\n")}\n`,
  );
  for (const id of ids) pages.set(`${id}.md`, rulePage(id));
  return pages;
}

function rulePage(id: RuleId): string {
  const { title, severity, outcome, consequence, remedy, references } = RULES[id];
  const lines = [
    `# ${title}`,
    "",
    `Rule \`${id}\`, severity ${severity}. When it is found, ${OUTCOMES[outcome]}.`,
    "",
    "## If the file is loaded",
    "",
    consequence,
    "",
    "## What to do",
    "",
    remedy,
  ];
  if (references.length > 0)
    lines.push("", "## References", "", ...references.map((reference) => `- ${referenceLink(reference)}`));
  return `${lines.join("\n")}\n`;
}

/** A reference in Markdown, as a link where it has an address. */
export function referenceLink(reference: string): string {
  const url = referenceUrl(reference);
  return url === undefined ? reference : `[${reference}](${url})`;
}

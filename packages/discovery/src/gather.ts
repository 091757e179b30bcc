import type { Confidence, Evidence, Finding, Sighting } from "./finding.js";
import { familyOf } from "./rules/names.js";
import type { TreeFile } from "./walk/tree.js";

const RANK: Record<Confidence, number> = { low: 0, medium: 1, high: 2 };
const MAX_EVIDENCE = 50;

/** Puts sightings of the same thing together. What only supports other findings goes with them or falls away. */
export function gather(sightings: readonly Sighting[], files: readonly TreeFile[]): Finding[] {
  const paths = pathIndex(files);
  const found = new Map<string, Finding>();
  for (const sighting of sightings) {
    const name =
      sighting.kind === "Model" || sighting.kind === "Dataset" ? located(sighting, paths) : sighting.name;
    const key = `${sighting.kind}\0${name.toLowerCase()}`;
    const known = found.get(key);
    if (known) merge(known, sighting);
    else
      found.set(key, {
        kind: sighting.kind,
        name,
        provider: sighting.provider,
        confidence: sighting.confidence,
        evidence: [evidenceOf(sighting)],
      });
  }
  return settle([...found.values()]);
}

function merge(finding: Finding, sighting: Sighting): void {
  const better = RANK[sighting.confidence] > RANK[finding.confidence];
  if (better) finding.confidence = sighting.confidence;
  if (better || vague(finding.provider)) if (!vague(sighting.provider)) finding.provider = sighting.provider;
  const same = finding.evidence.some(({ file, line }) => file === sighting.file && line === sighting.line);
  if (!same && finding.evidence.length < MAX_EVIDENCE) finding.evidence.push(evidenceOf(sighting));
}

const vague = (provider: string): boolean => /^(unknown|local|open|framework|self-hosted|)$/.test(provider);

const evidenceOf = ({ file, line, snippet, detector }: Sighting): Evidence => ({
  file,
  ...(line === undefined ? {} : { line }),
  ...(snippet === undefined || snippet === "" ? {} : { snippet }),
  detector,
});

interface Paths {
  readonly all: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
}

function pathIndex(files: readonly TreeFile[]): Paths {
  const byName = new Map<string, string[]>();
  for (const { path } of files) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const list = byName.get(name);
    if (list) list.push(path);
    else byName.set(name, [path]);
  }
  return { all: new Set(files.map(({ path }) => path)), byName };
}

/** A file that code names and that is there is one finding: by its place in the tree. */
function located({ name, file }: Sighting, { all, byName }: Paths): string {
  const plain = name.replace(/^(\.\.?\/)+/, "").replace(/^\/+/, "");
  if (all.has(plain) || !/\.\w+$/.test(plain))
    return plain === "" ? name : name.startsWith("/") && !all.has(plain) ? name : plain;
  const beside = `${file.slice(0, file.lastIndexOf("/") + 1)}${plain}`;
  if (all.has(beside)) return beside;
  const same = (byName.get(plain.slice(plain.lastIndexOf("/") + 1)) ?? []).filter((path) =>
    path.endsWith(`/${plain}`),
  );
  return same.length === 1 ? (same[0] ?? name) : name.startsWith("/") ? name : plain;
}

function settle(findings: readonly Finding[]): Finding[] {
  const providers = new Set(
    findings
      .filter(({ kind, confidence }) => (kind === "Model" || kind === "Endpoint") && confidence !== "low")
      .map(({ provider }) => provider),
  );
  const models = findings.filter(({ kind }) => kind === "Model");
  return findings
    .filter(({ confidence }) => confidence !== "low")
    .filter(({ kind, provider }) => kind !== "Service" || !providers.has(provider))
    .filter(
      ({ kind, evidence }) =>
        kind !== "Code" ||
        !models.some((model) => model.evidence.some(({ file }) => file === evidence[0]?.file)),
    )
    .map((finding) => ({ ...finding, provider: providerOf(finding) }))
    .sort((a, b) => order(a).localeCompare(order(b), "en"));
}

function providerOf({ provider, name }: Finding): string {
  if (provider !== "") return provider;
  return familyOf(name) ?? "unknown";
}

const order = ({ kind, name }: Finding): string => `${kind} ${name}`;

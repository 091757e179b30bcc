import type { LicenceClaim, ModelFacts } from "../core/gathered.js";
import { type FileReport, type Finding, type ScanReport, worstVerdict } from "../core/report.js";
import { findingOf } from "../core/scan.js";
import { sameLicence } from "./licence/identifiers.js";
import { forbids, type Use } from "./licence/uses.js";

type Placed = LicenceClaim & { file: string };

/** Joins what the files say, and reports where they contradict each other or the use that was named. */
export function describeModel(report: ScanReport, options: { use?: Use | undefined } = {}): ScanReport {
  const claims = placedClaims(report.files);
  const added = new Map<string, Finding[]>();
  const add = (file: string, finding: Finding) => added.set(file, [...(added.get(file) ?? []), finding]);
  for (const [file, finding] of disagreements(claims)) add(file, finding);
  if (options.use !== undefined)
    for (const [file, finding] of conflicts(claims, options.use)) add(file, finding);
  const files = report.files.map((file) => withFindings(file, added.get(file.path)));
  const model =
    modelFacts(claims, report.files) ?? (options.use === undefined ? undefined : { licences: [] });
  const verdict = worstVerdict(files.map((file) => file.verdict));
  return { ...report, files, verdict, ...(model === undefined ? {} : { model }) };
}

function modelFacts(claims: Placed[], files: readonly FileReport[]): ModelFacts | undefined {
  const cards = files.filter(({ card }) => card !== undefined).sort((a, b) => depth(a.path) - depth(b.path));
  const [cardFile] = cards;
  const card = cardFile?.card && { file: cardFile.path, ...cardFile.card };
  if (claims.length === 0 && card === undefined) return undefined;
  const [first, ...others] = claims;
  const agreed =
    first && others.every(({ licence }) => sameLicence(licence, first.licence)) ? first.licence : undefined;
  return {
    ...(agreed === undefined ? {} : { licence: agreed }),
    licences: claims,
    ...(card === undefined ? {} : { card }),
  };
}

/** What is said nearest to the top: directories below may hold the work of others. */
function placedClaims(files: readonly FileReport[]): Placed[] {
  const all = files.flatMap(({ path, licences = [] }) => licences.map((claim) => ({ ...claim, file: path })));
  const top = Math.min(...all.map(({ file, member }) => depth(file) + (member === undefined ? 0 : 1)));
  return all.filter(({ file, member }) => depth(file) + (member === undefined ? 0 : 1) === top);
}

function depth(path: string): number {
  return path.split("/").length;
}

function* disagreements(claims: readonly Placed[]): Generator<[string, Finding]> {
  const [first] = [...claims].sort((a, b) => RANK[a.source] - RANK[b.source]);
  if (!first) return;
  const told: string[] = [];
  for (const claim of claims) {
    const known = claim === first || [first.licence, ...told].some((one) => sameLicence(one, claim.licence));
    // Two licences in one card are a choice that its publisher gives.
    if (known || (claim.file === first.file && claim.member === first.member)) continue;
    told.push(claim.licence);
    const message = `The licence here is ${claim.licence}, but ${JSON.stringify(first.file)} says ${first.licence}.`;
    yield [claim.file, findingOf("licence-disagreement", message, memberOf(claim))];
  }
}

/** Which of two that disagree is told as the other. */
const RANK: Record<LicenceClaim["source"], number> = { card: 0, metadata: 1, text: 2 };

function* conflicts(claims: readonly Placed[], use: Use): Generator<[string, Finding]> {
  const told: string[] = [];
  for (const claim of claims) {
    const why = forbids(claim.licence, use);
    if (why === undefined || told.some((one) => sameLicence(one, claim.licence))) continue;
    told.push(claim.licence);
    const message = `The licence ${claim.licence} ${why}.`;
    yield [claim.file, findingOf("licence-conflict", message, memberOf(claim))];
  }
}

function memberOf({ member }: Placed): { member?: string } {
  return member === undefined ? {} : { member };
}

function withFindings(file: FileReport, added: Finding[] | undefined): FileReport {
  if (added === undefined) return file;
  const suspicious = added.some(({ rule }) => rule === "licence-conflict");
  const verdict = suspicious ? worstVerdict([file.verdict, "suspicious"]) : file.verdict;
  return { ...file, verdict, findings: [...file.findings, ...added] };
}

import { resolve } from "node:path";
import {
  type Compared,
  compare,
  discoverMlflow,
  discoverPath,
  type Missing,
  merge,
  type Note,
  type Report,
  toSarif,
} from "@countersign/discovery";
import type { Document } from "@countersign/inventory";
import { readDocuments } from "../documents.js";
import { cloned } from "../place/git.js";
import { requireInventory } from "../place/inventory.js";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import { drawDiscovered } from "../views/discover.js";

interface Options {
  file?: string[];
}

/** What `discover` prints as JSON. */
export interface Discovered {
  findings: Compared[];
  missing: Missing[];
  notes: Note[];
  files: number;
  counts: { declared: number; shadow: number; missing: number };
}

/** Exits 1 when something is in use that nobody declared, or declared and not in use. */
export async function discover(session: Session, options: Options, places: string[]): Promise<number> {
  const documents = await declared(session, options);
  const reports: Report[] = [];
  for (const place of places) {
    const report = await look(session, place);
    reports.push(places.length === 1 ? report : below(place, report));
  }
  const report = merge(reports);
  const { findings, missing } = compare(report.findings, documents);
  const shadow = findings.filter(({ status }) => status === "shadow").length;
  const counts = { declared: findings.length - shadow, shadow, missing: missing.length };
  const result: Discovered = { findings, missing, notes: report.notes, files: report.files, counts };
  if (session.output.format === "sarif") session.output.document(toSarif(result, report.notes));
  else if (session.output.format === "json") session.output.document(result);
  else drawDiscovered(session, result);
  return shadow + missing.length > 0 ? 1 : 0;
}

async function declared(session: Session, { file }: Options): Promise<Document[]> {
  if (file !== undefined) return (await readDocuments(session, file)).map(({ document }) => document);
  if (session.global.server === undefined) {
    session.output.note(
      safe`${"countersign: no inventory is given (-f or --server), so all that is found is shadow"}`,
    );
    return [];
  }
  const documents: Document[] = [];
  for await (const document of requireInventory(session).documents()) documents.push(document);
  return documents;
}

const REPOSITORY =
  /^(git\+)?(https?|ssh|git|file):\/\/[^?#]+(\.git\/?$|(?<=^git\+.*))|^git@[\w.-]+:|^https:\/\/(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)\/[^/]+\/[^/]+\/?$/;

async function look(session: Session, place: string): Promise<Report> {
  const { signal } = session.io;
  if (REPOSITORY.test(place))
    return cloned(session, place.replace(/^git\+/, ""), (path) => discoverPath(path, { signal }));
  if (/^https?:\/\//.test(place))
    return discoverMlflow({ ...mlflow(session, place), fetch: globalThis.fetch, signal });
  return discoverPath(resolve(session.io.cwd, place), { signal });
}

/** An address with user and password, or MLflow's own variables. The secret goes into the request's head alone. */
function mlflow({ io }: Session, place: string): { url: string; authorization?: string } {
  const url = new URL(place);
  const user = decodeURIComponent(url.username) || io.env.MLFLOW_TRACKING_USERNAME;
  const password = decodeURIComponent(url.password) || io.env.MLFLOW_TRACKING_PASSWORD || "";
  const token = io.env.MLFLOW_TRACKING_TOKEN;
  const plain = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  if (user)
    return { url: plain, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  return token ? { url: plain, authorization: `Bearer ${token}` } : { url: plain };
}

// With one place, files are named as they are in it; with several, the place comes first.
function below(place: string, report: Report): Report {
  const prefix = `${place.replace(/\/+$/, "")}/`;
  const named = (file: string): string => (/^https?:/.test(file) ? file : `${prefix}${file}`);
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      evidence: finding.evidence.map((one) => ({ ...one, file: named(one.file) })),
    })),
    notes: report.notes.map((note) => ({ ...note, file: named(note.file) })),
  };
}

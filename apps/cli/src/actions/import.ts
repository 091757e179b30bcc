import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApplyResult, AssetKind } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { type Artifact, adopt, type Imported, uniqueDocuments } from "@countersign/importers";
import { type Document, printDocument } from "@countersign/inventory";
import { type Inventory, openInventory } from "../place/inventory.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { drawImport } from "../views/import.js";
import { type Admission, admitArtifacts } from "./import-admit.js";

export interface ImportOptions {
  name?: string;
  cursor?: string;
  dryRun?: boolean;
  write?: string;
  admit?: boolean;
  key?: string;
  passphraseFile?: string;
}

export interface ImportResult {
  source: string;
  /** False for `--dry-run` and `--write`. */
  applied: boolean;
  documents: {
    kind: string;
    name: string;
    action: ApplyResult["action"] | "written" | "found";
    changes: ApplyResult["changes"];
  }[];
  /** Lineage events: told of now, and known already. */
  lineage: { found: number; recorded: number; repeated: number };
  admitted: Admission[];
  notes: string[];
}

// The server takes 1,000 at once; smaller steps show progress and lose less when the line breaks.
const AT_ONCE = 200;

/** Applies what an importer finds, batch by batch: what was applied stays applied, and doing it again changes nothing. */
export async function runImport(
  session: Session,
  options: ImportOptions,
  source: string,
  batches: (workspace: string) => AsyncIterable<Imported> | Iterable<Imported>,
): Promise<number> {
  const inventory = openInventory(session);
  if (inventory === undefined) requireOffline(options);
  const run = new ImportRun(session, options, source, inventory);
  let cursor = options.cursor;
  try {
    for await (const found of batches(inventory?.client.workspace ?? "default")) {
      cursor = found.cursor ?? cursor;
      await run.take(found);
    }
    await run.finish();
  } catch (cause) {
    throw interrupted(run.result, cursor, cause);
  } finally {
    run.progress.finish();
  }
  present(session.output, run.result, () => drawImport(session, run.result));
  return run.result.admitted.some(({ outcome }) => outcome !== "allow") ? 1 : 0;
}

function requireOffline({ dryRun, write, admit }: ImportOptions): void {
  if (admit !== true && (dryRun === true || write !== undefined)) return;
  throw new CountersignError("usage", "say which server holds the inventory, or only look", {
    detail: { remedy: "--server http://127.0.0.1:8420   (or --dry-run, or --write FILE)" },
  });
}

class ImportRun {
  readonly result: ImportResult;
  readonly progress: ReturnType<typeof createProgress>;
  readonly #session: Session;
  readonly #options: ImportOptions;
  readonly #inventory: Inventory | undefined;
  readonly #written: Document[] = [];
  readonly #artifacts: Artifact[] = [];

  constructor(session: Session, options: ImportOptions, source: string, inventory: Inventory | undefined) {
    this.#session = session;
    this.#options = options;
    this.#inventory = inventory;
    this.progress = createProgress(session.io, session.output.live);
    const applied = inventory !== undefined && options.dryRun !== true && options.write === undefined;
    this.result = {
      source,
      applied,
      documents: [],
      lineage: { found: 0, recorded: 0, repeated: 0 },
      admitted: [],
      notes: [],
    };
  }

  async take(found: Imported): Promise<void> {
    const { result } = this;
    result.notes.push(...found.notes);
    this.#artifacts.push(...found.artifacts);
    result.lineage.found += found.lineage.length;
    const documents = uniqueDocuments(found.documents);
    for (let at = 0; at < documents.length; at += AT_ONCE) {
      await this.#documents(documents.slice(at, at + AT_ONCE));
      this.progress.update("documents", result.documents.length, 0, "entries");
    }
    if (!result.applied || this.#inventory === undefined) return;
    for (let at = 0; at < found.lineage.length; at += AT_ONCE) {
      const { recorded, repeated } = await this.#inventory.record(found.lineage.slice(at, at + AT_ONCE));
      result.lineage.recorded += recorded;
      result.lineage.repeated += repeated;
    }
  }

  async #documents(documents: Document[]): Promise<void> {
    const inventory = this.#inventory;
    if (inventory === undefined || this.#options.write !== undefined) {
      this.#written.push(...documents);
      const action = this.#options.write === undefined ? "found" : "written";
      this.#note(documents.map(({ kind, metadata }) => ({ kind, name: metadata.name, action, changes: [] })));
      return;
    }
    const wanted = await this.#merged(inventory, documents);
    const results = await inventory.apply(wanted, !this.result.applied);
    this.#note(results);
    for (const { kind, name, dangling } of results.filter(({ dangling: at }) => at.length > 0)) {
      const names = dangling
        .slice(0, 3)
        .map((at) => `${at.kind} ${at.name}`)
        .join(", ");
      this.result.notes.push(`${kind} ${name} refers to what is not in the inventory yet: ${names}`);
    }
  }

  /** What people declared of the same assets stays: only documents that would change something are looked up. */
  async #merged(inventory: Inventory, documents: Document[]): Promise<Document[]> {
    const preview = await inventory.apply(documents, true);
    const touched = new Set(
      preview.filter(({ action }) => action === "updated").map(({ kind, name }) => `${kind}:${name}`),
    );
    const merged: Document[] = [];
    for (const document of documents) {
      const { kind, metadata } = document;
      const existing = touched.has(`${kind}:${metadata.name}`)
        ? await inventory.get(kind as AssetKind, metadata.name)
        : undefined;
      const adopted = existing === undefined ? { document, notes: [] } : adopt(existing, document);
      merged.push(adopted.document);
      this.result.notes.push(...adopted.notes);
    }
    return merged;
  }

  #note(
    results: readonly Pick<ImportResult["documents"][number], "kind" | "name" | "action" | "changes">[],
  ): void {
    for (const { kind, name, action, changes } of results)
      this.result.documents.push({ kind, name, action, changes });
  }

  async finish(): Promise<void> {
    const { write, admit, dryRun } = this.#options;
    this.result.notes = [...new Set(this.result.notes)];
    if (write !== undefined) {
      const path = resolve(this.#session.io.cwd, write);
      await writeFile(path, uniqueDocuments(this.#written).map(printDocument).join("---\n"));
      this.#session.output.note(safe`countersign: then: countersign apply -f ${write}`);
    }
    if (admit !== true || dryRun === true) return;
    this.result.admitted = await admitArtifacts(this.#session, this.#options, this.#artifacts, this.progress);
  }
}

/** Tells where to go on: what was applied before the fault stays. */
function interrupted(
  { documents, applied }: ImportResult,
  cursor: string | undefined,
  cause: unknown,
): unknown {
  if (!applied || documents.length === 0 || !(cause instanceof CountersignError)) return cause;
  const own = typeof cause.detail?.remedy === "string" ? `${cause.detail.remedy}; then ` : "";
  const again =
    cursor === undefined
      ? "run the command again"
      : `run the command again with --cursor ${shellWord(cursor)}`;
  return new CountersignError(
    cause.code,
    `${cause.message}; ${documents.length} documents were applied before that and stay`,
    { cause, detail: { ...cause.detail, remedy: `${own}${again}   (what is there already stays as it is)` } },
  );
}

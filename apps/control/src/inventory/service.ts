import type {
  ApplyAnswer,
  ApplyResult,
  AssetFilter,
  AssetReference,
  AssetSummary,
  Page,
} from "@countersign/api";
import { CountersignError, type Statement } from "@countersign/evidence";
import type { AssetKind } from "@countersign/facts";
import {
  type AssetNode,
  canonicalDocument,
  checkUnique,
  type Document,
  diffDocuments,
  findCycles,
  referencesOf,
} from "@countersign/inventory";
import type { AssetState, Workspace } from "@countersign/workspace";
import type pg from "pg";
import { Runner } from "../consumers/runner.js";
import { inventoryConsumer } from "./consumer.js";
import { Frequencies } from "./frequency.js";
import { below, keyOf, known } from "./graph.js";
import type { AssetName } from "./refresh.js";
import { search } from "./search.js";

interface Ground {
  workspace: Workspace;
  pool: pg.Pool;
  /** Names the data directory whose log is read. */
  instance: string;
  onFault: (error: unknown) => void;
}

interface Parts extends Ground {
  runner: Runner;
  frequencies: Frequencies;
}

interface Planned {
  asset: AssetName;
  document: Document;
  before: Document | null;
  result: ApplyResult;
  statements: Statement[];
}

const BATCH = 500;
const PATIENCE_MS = 2_000;

/** The inventory: documents go into the log and come out of tables that follow it. */
export class Inventory {
  readonly #parts: Parts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ground: Ground) {
    const { workspace } = ground;
    const consumer = inventoryConsumer(workspace.id, (index) => workspace.read(index));
    const frequencies = new Frequencies(ground.pool);
    this.#parts = { ...ground, runner: new Runner(consumer, ground), frequencies };
  }

  /** Begins to read what the log has that the tables lack; nobody waits for it. */
  start(): void {
    this.#parts.runner.caughtUp().catch(this.#parts.onFault);
  }

  close(): Promise<void> {
    return this.#parts.runner.close();
  }

  /** What the log says of an asset, not what the tables say: safe to decide by. */
  async get(kind: AssetKind, name: string): Promise<(AssetState & { document: Document }) | undefined> {
    const state = await this.#parts.workspace.asset(kind, name);
    return state?.document ? { ...state, document: state.document } : undefined;
  }

  /** Puts documents into force, and declares what they say on each version that does not say it yet. */
  apply(
    documents: readonly Document[],
    principal: string,
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<ApplyAnswer> {
    checkUnique(documents);
    return this.#alone(async () => {
      await this.ready();
      const planned: Planned[] = [];
      for (const document of documents)
        planned.push(await this.#plan(canonicalDocument(document), principal));
      await this.#findDangling(planned);
      const cycles = await this.#cycles(planned);
      if (!dryRun) await this.#enact(planned);
      return { results: planned.map(({ result }) => result), cycles };
    });
  }

  /** Takes a document out of force. Its versions stay, and what was declared of them. */
  remove(kind: AssetKind, name: string, principal: string): Promise<ApplyResult> {
    return this.#alone(async () => {
      const { workspace, pool, runner } = this.#parts;
      const state = await this.get(kind, name);
      if (state === undefined) throw noDocument(kind, name);
      const statements = await workspace.assetStatements({ kind, name }, null, { principal });
      const [entry] = await workspace.state(statements);
      await runner.caughtUp();
      const { rows } = await pool.query<AssetName & { relation: string }>(REFERRING, [
        workspace.id,
        kind,
        name,
      ]);
      const dangling = rows.map((row) => ({ ...row, known: true }));
      const changes = diffDocuments(undefined, state.document);
      const index = entry === undefined ? {} : { index: entry.index };
      return { kind, name, action: "deleted", changes, ...index, dangling, declared: 0 };
    });
  }

  async search(
    filter: AssetFilter,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<Page<AssetSummary>> {
    await this.ready();
    const { pool, workspace, frequencies } = this.#parts;
    return search({ pool, workspace: workspace.id, frequencies }, filter, page);
  }

  /** Resolves once the tables have what the log has; while they read a long log from the start, after a moment. */
  async ready(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([this.#parts.runner.caughtUp(), patience]).finally(() => clearTimeout(timer));
  }

  async #plan(document: Document, principal: string): Promise<Planned> {
    const { workspace } = this.#parts;
    const asset = { kind: document.kind, name: document.metadata.name };
    const before = (await workspace.asset(asset.kind, asset.name))?.document ?? null;
    const changes = diffDocuments(document, before ?? undefined);
    const action = before === null ? "created" : changes.length > 0 ? "updated" : "unchanged";
    const said = action === "unchanged" ? {} : { principal };
    const statements = await workspace.assetStatements(asset, document, { before, ...said });
    const declared = statements.length - (action === "unchanged" ? 0 : 1);
    return {
      asset,
      document,
      before,
      statements,
      result: { ...asset, action, changes, dangling: [], declared },
    };
  }

  async #enact(planned: readonly Planned[]): Promise<void> {
    const { workspace, runner } = this.#parts;
    for (let from = 0; from < planned.length; from += BATCH) {
      const part = planned.slice(from, from + BATCH);
      const entries = await workspace.state(part.flatMap(({ statements }) => statements));
      let at = 0;
      for (const { statements, result } of part) {
        const entry = entries[at];
        if (result.action !== "unchanged" && entry !== undefined) result.index = entry.index;
        at += statements.length;
      }
    }
    await this.#declareAgain(planned);
    await runner.caughtUp();
  }

  /** For versions that were admitted between the reading and the writing: they have not seen the document, nor it them. */
  async #declareAgain(planned: readonly Planned[]): Promise<void> {
    const { workspace } = this.#parts;
    const changed = planned.filter(({ result }) => result.action !== "unchanged");
    await inParts(changed, async ({ asset, document, before, result }) => {
      const missed = await workspace.assetStatements(asset, document, { before });
      if (missed.length > 0) await workspace.state(missed);
      result.declared += missed.length;
    });
  }

  async #findDangling(planned: readonly Planned[]): Promise<void> {
    const { pool, workspace } = this.#parts;
    const here = new Set(planned.map(({ asset }) => keyOf(asset)));
    const wanted = planned.map(({ document }) => referencesOf(document).filter((to) => !here.has(keyOf(to))));
    const found = await known(pool, workspace.id, wanted.flat());
    for (const [at, { result }] of planned.entries()) {
      const lost = wanted[at]?.filter((to) => !found.has(keyOf(to))) ?? [];
      result.dangling = lost.map((to): AssetReference => ({ ...to, known: false }));
    }
  }

  async #cycles(planned: readonly Planned[]): Promise<string[][]> {
    const given: AssetNode[] = planned.map(({ asset, document }) => ({
      ...asset,
      references: referencesOf(document),
    }));
    const here = new Set(given.map(keyOf));
    const nodes = await below(this.#parts.pool, this.#parts.workspace.id, [], given);
    return findCycles(nodes).filter((cycle) => cycle.some((key) => here.has(key)));
  }

  /** One after the other: what an apply compares with must be what the one before left. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work, work);
    this.#turn = run.catch(() => undefined);
    return run;
  }
}

const AT_ONCE = 16;

/** Works on a few at a time: each reads chains, and all at once would hold every connection. */
async function inParts<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return done;
}

const REFERRING = `select kind, name, relation from asset_references
  where workspace = $1 and to_kind = $2 and to_name = $3 order by kind, name limit 500`;

export function noDocument(kind: AssetKind, name: string): CountersignError {
  return new CountersignError(
    "not-found",
    `There is no document of ${kind} ${name} in the inventory. Run \`countersign get ${kind}\` to see what there is.`,
  );
}

import { copyFile, link, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import type { Digest } from "@countersign/evidence";
import { invalid, missing, ProtocolError, parseArtifactPath } from "@countersign/tracking";
import type pg from "pg";
import { inTransaction } from "../../database/transaction.js";
import type { ByteRange, Draft, ObjectFiles } from "./objects.js";

/** One file below a root: the id of a run, or of a logged model (`m-...`). */
export interface StoredArtifact {
  path: string;
  digest: Digest;
  size: number;
}

export interface ListedArtifact {
  /** Whole, from the root. */
  path: string;
  directory: boolean;
  size: number;
  digest: Digest | null;
}

export interface ArtifactParts {
  workspace: string;
  pool: pg.Pool;
  clock: () => number;
  files: ObjectFiles;
  /** Bytes of one artifact. */
  limit: number;
}

/** A backup holds it while it copies: what its rows name must stay until then. */
export const BACKUP_LOCK = 7_130_003;

/** Artifacts of runs and logged models: content-addressed files, and a table that says which root has which. */
export class ArtifactStore {
  readonly #parts: ArtifactParts;

  constructor(parts: ArtifactParts) {
    this.#parts = parts;
  }

  get limit(): number {
    return this.#parts.limit;
  }

  /** Resolves once bytes and row are durable. What breaks off before leaves nothing behind. */
  async put(root: string, path: string, stream: Readable): Promise<StoredArtifact> {
    const name = fileName(path);
    await this.#requireOpen(root);
    const draft = await this.#parts.files.receive(stream, this.#parts.limit);
    return this.#adopt(root, name, draft);
  }

  /** Puts a file that was received in parts. */
  async putDraft(root: string, path: string, draft: Draft): Promise<StoredArtifact> {
    return this.#adopt(root, fileName(path), draft);
  }

  async open(root: string, path: string, range?: ByteRange): Promise<StoredArtifact & { stream: Readable }> {
    const found = await this.find(root, path);
    if (!found) throw missing(`There is no artifact '${path}' in ${root}.`);
    return { ...found, stream: this.#parts.files.read(found, range) };
  }

  async find(root: string, path: string): Promise<StoredArtifact | undefined> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<Row>(
      "select path, digest, size from artifacts where workspace = $1 and root = $2 and path = $3",
      [workspace, root, parseArtifactPath(path)],
    );
    return answer.rows.map(fromRow)[0];
  }

  /** What stands directly in a directory. Empty for a file, as MLflow has it. */
  async list(root: string, path = ""): Promise<ListedArtifact[]> {
    const directory = parseArtifactPath(path);
    const prefix = directory === "" ? "" : `${directory}/`;
    const seen = new Map<string, ListedArtifact>();
    for (const file of await this.#below(root, prefix)) {
      const [name = "", ...deeper] = file.path.slice(prefix.length).split("/");
      const inside = deeper.length > 0;
      seen.set(name, {
        path: prefix + name,
        directory: inside,
        size: inside ? 0 : file.size,
        digest: inside ? null : file.digest,
      });
    }
    return [...seen.values()];
  }

  /** Every file of a root, by path. */
  files(root: string): Promise<StoredArtifact[]> {
    return this.#below(root, "");
  }

  /** Puts the files of a root into a directory that is the caller's own: hard links where the file system can, else copies. */
  async materialise(root: string, directory: string): Promise<StoredArtifact[]> {
    const files = await this.files(root);
    for (const { path, digest } of files) {
      const target = join(directory, ...path.split("/"));
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const source = this.#parts.files.fileOf(digest);
      await link(source, target).catch(() => copyFile(source, target));
    }
    return files;
  }

  /**
   * From now on nothing below this root changes: a registered model's bytes are the ones that were judged. What `check` throws
   * leaves it open, and so does a root without files: a seal is for ever, and would lock out whoever uploads.
   */
  async seal(root: string, check?: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    await inTransaction(pool, async (client) => {
      await lockRoot(client, root);
      if (await isSealed(client, workspace, root)) return;
      await check?.(client);
      const files = await client.query("select 1 from artifacts where workspace = $1 and root = $2 limit 1", [
        workspace,
        root,
      ]);
      if (files.rows.length === 0) throw nothingThere();
      await client.query("insert into artifact_seals (workspace, root, at) values ($1, $2, $3)", [
        workspace,
        root,
        clock(),
      ]);
    });
  }

  /** Gives what stands below a path now to a new root, sealed: later writes to the first one do not reach it. */
  async snapshot(root: string, path: string, into: string): Promise<void> {
    const { pool, workspace, clock } = this.#parts;
    const values = [workspace, root, parseArtifactPath(path), into, clock()];
    await inTransaction(pool, async (client) => {
      await lockRoot(client, root);
      const copied = await client.query(
        `insert into artifacts (workspace, root, path, digest, size, at)
         select workspace, $4, ${copiedPath("path", "$3")}, digest, size, $5
         from artifacts where workspace = $1 and root = $2 and ${covers("$3", "path")}`,
        values,
      );
      if (copied.rowCount === 0) throw nothingThere();
      await client.query(
        "insert into artifact_seals (workspace, root, origin_root, origin_path, at) values ($1, $4, $2, $3, $5)",
        values,
      );
    });
  }

  /** The sealed roots that hold this very file: its own, and copies made of it that it is still the same as. */
  async sealsOf(root: string, { path, digest }: Pick<StoredArtifact, "path" | "digest">): Promise<string[]> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<{ root: string }>(
      `select root from artifact_seals where workspace = $1 and root = $2
       union all
       select s.root from artifact_seals s
       join artifacts a on a.workspace = s.workspace and a.root = s.root
         and a.path = ${copiedPath("$3::text", "s.origin_path")} and a.digest = $4
       where s.workspace = $1 and s.origin_root = $2 and ${covers("s.origin_path", "$3::text")}`,
      [workspace, root, path, digest],
    );
    return answer.rows.map((row) => row.root);
  }

  async sealed(root: string): Promise<boolean> {
    const { pool, workspace } = this.#parts;
    return isSealed(pool, workspace, root);
  }

  /** Removes a file, or everything below a directory; "" is the whole root. */
  async remove(root: string, path: string): Promise<number> {
    const { pool, workspace } = this.#parts;
    const name = parseArtifactPath(path);
    const gone = await inTransaction(pool, async (client) => {
      await this.#lockOpen(client, root);
      const answer = await client.query<{ digest: Digest }>(
        `delete from artifacts where workspace = $1 and root = $2
           and ($3 = '' or path = $3 or starts_with(path, $3 || '/')) returning digest`,
        [workspace, root, name],
      );
      return answer.rows.map(({ digest }) => digest);
    });
    for (const digest of new Set(gone)) await this.#release(digest);
    return gone.length;
  }

  /** Removes the file of a digest that no row names any more; the row is gone for good by then. */
  async #release(digest: Digest): Promise<void> {
    const { pool, files } = this.#parts;
    await inTransaction(pool, async (client) => {
      await lockDigest(client, digest);
      const free = await client.query<{ free: boolean }>(
        `select pg_try_advisory_xact_lock_shared(${BACKUP_LOCK})
           and not exists (select 1 from artifacts where digest = $1) as free`,
        [digest],
      );
      if (free.rows[0]?.free) await files.remove(digest);
    });
  }

  async #adopt(root: string, path: string, draft: Draft): Promise<StoredArtifact> {
    const { pool, workspace, files, clock } = this.#parts;
    const { digest, size } = draft;
    try {
      const replaced = await inTransaction(pool, async (client) => {
        await this.#lockOpen(client, root);
        // Whoever removes the last row of a digest removes its file: not between our file and our row.
        await lockDigest(client, digest);
        await files.keep(draft);
        await requireNoClash(client, workspace, root, path);
        const before = await client.query<{ digest: Digest }>(
          "select digest from artifacts where workspace = $1 and root = $2 and path = $3 and digest <> $4",
          [workspace, root, path, digest],
        );
        await client.query(
          `insert into artifacts (workspace, root, path, digest, size, at) values ($1, $2, $3, $4, $5, $6)
           on conflict (workspace, root, path) do update
             set digest = excluded.digest, size = excluded.size, at = excluded.at`,
          [workspace, root, path, digest, size, clock()],
        );
        return before.rows[0]?.digest;
      });
      if (replaced) await this.#release(replaced);
    } catch (error) {
      await files.discard(draft);
      throw error;
    }
    return { path, digest, size };
  }

  async #below(root: string, prefix: string): Promise<StoredArtifact[]> {
    const { pool, workspace } = this.#parts;
    const answer = await pool.query<Row>(
      `select path, digest, size from artifacts
       where workspace = $1 and root = $2 and starts_with(path, $3) order by path`,
      [workspace, root, prefix],
    );
    return answer.rows.map(fromRow);
  }

  /** Held to the end of the transaction: a seal waits for writes under way, and writes after it see it. */
  async #lockOpen(client: pg.PoolClient, root: string): Promise<void> {
    await client.query("select pg_advisory_xact_lock_shared(hashtextextended($1, 1))", [root]);
    if (await isSealed(client, this.#parts.workspace, root)) throw sealedFault(root);
  }

  /** Asked before the bytes come, so that nobody sends gigabytes for nothing. */
  async #requireOpen(root: string): Promise<void> {
    if (await this.sealed(root)) throw sealedFault(root);
  }
}

interface Row {
  path: string;
  digest: Digest;
  size: string;
}

function fromRow({ path, digest, size }: Row): StoredArtifact {
  return { path, digest, size: Number(size) };
}

function fileName(path: string): string {
  const name = parseArtifactPath(path);
  if (name === "")
    throw new ProtocolError("INVALID_PARAMETER_VALUE", "Invalid path: an artifact needs a name.");
  return name;
}

async function isSealed(client: pg.Pool | pg.PoolClient, workspace: string, root: string): Promise<boolean> {
  const answer = await client.query("select 1 from artifact_seals where workspace = $1 and root = $2", [
    workspace,
    root,
  ]);
  return answer.rows.length > 0;
}

/** Every write under way ends first, and those after it see what was done. */
async function lockRoot(client: pg.PoolClient, root: string): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtextextended($1, 1))", [root]);
}

/** SQL: whether a path stands at or below an origin; "" is the whole root. */
function covers(origin: string, path: string): string {
  return `(${origin} = '' or ${path} = ${origin} or starts_with(${path}, ${origin} || '/'))`;
}

/** SQL: where a file stands in a copy of that origin. */
function copiedPath(path: string, origin: string): string {
  return `case when ${path} = ${origin} then regexp_replace(${path}, '^.*/', '')
    when ${origin} = '' then ${path} else substr(${path}, length(${origin}) + 2) end`;
}

async function lockDigest(client: pg.PoolClient, digest: Digest): Promise<void> {
  await client.query("select pg_advisory_xact_lock(hashtextextended($1, 2))", [digest]);
}

/** A name is a file or a directory, never both: nobody could write such a tree to a disk. */
async function requireNoClash(
  client: pg.PoolClient,
  workspace: string,
  root: string,
  path: string,
): Promise<void> {
  const above = path.split("/").map((_part, i, parts) => parts.slice(0, i).join("/"));
  const answer = await client.query<{ path: string }>(
    `select path from artifacts where workspace = $1 and root = $2
       and (path = any($3::text[]) or starts_with(path, $4)) limit 1`,
    [workspace, root, above, `${path}/`],
  );
  const other = answer.rows[0]?.path;
  if (other === undefined) return;
  throw new ProtocolError(
    "INVALID_PARAMETER_VALUE",
    `Invalid path: '${path}' cannot stand beside '${other}'.`,
  );
}

function nothingThere(): ProtocolError {
  return invalid("There are no artifacts at the source of this version. Log the model first.");
}

function sealedFault(root: string): ProtocolError {
  return new ProtocolError(
    "PERMISSION_DENIED",
    `The artifacts of ${root} are sealed, because a version was registered from them. Log a new model instead.`,
  );
}

import type { DatasetAccess } from "@countersign/api";
import type pg from "pg";

export interface Read {
  name: string;
  artifact: string | null;
  principal: string;
  run: string | null;
  via: "mlflow" | "reported";
  outcome: DatasetAccess["outcome"];
  detail: string;
}

const MAX_DETAIL = 1_024;

/** Who read which version. Tracking data: it lives in the database alone; a run's provenance is the evidence. */
export class Reads {
  readonly #pool: pg.Pool;
  readonly #workspace: string;
  readonly #clock: () => number;

  constructor(pool: pg.Pool, workspace: string, clock: () => number) {
    this.#pool = pool;
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async add(read: Read): Promise<DatasetAccess> {
    const at = this.#clock();
    const detail = plain(read.detail.slice(0, MAX_DETAIL));
    const run = read.run === null ? null : plain(read.run.slice(0, 256));
    await this.#pool.query(
      `insert into dataset_reads (workspace, name, artifact, at, principal, run, via, outcome, detail)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        this.#workspace,
        plain(read.name),
        read.artifact,
        at,
        read.principal,
        run,
        read.via,
        read.outcome,
        detail,
      ],
    );
    return toAccess({ ...read, run, detail, at });
  }

  /** Newest first; of one version where `artifact` is given. */
  async list(name: string, artifact: string | null, limit: number): Promise<DatasetAccess[]> {
    const answer = await this.#pool.query<Row>(
      `select artifact, at, principal, run, via, outcome, detail from dataset_reads
       where workspace = $1 and name = $2 and ($3::text is null or artifact = $3) order by id desc limit $4`,
      [this.#workspace, name, artifact, limit],
    );
    return answer.rows.map((row) => toAccess({ ...row, at: Number(row.at) }));
  }

  /** Runs that read a version under any name. */
  async runsOf(artifact: string): Promise<string[]> {
    const answer = await this.#pool.query<{ run: string }>(
      `select distinct run from dataset_reads
       where workspace = $1 and artifact = $2 and run is not null and outcome = 'known' order by run limit 10000`,
      [this.#workspace, artifact],
    );
    return answer.rows.map(({ run }) => run);
  }
}

type Row = Omit<Read, "name" | "at"> & { at: string };

/** PostgreSQL keeps no NUL in text, and a half surrogate is no UTF-8. */
const plain = (text: string): string => text.replaceAll("\0", "\ufffd").replace(/\p{Cs}/gu, "\ufffd");

function toAccess(row: Omit<Read, "name"> & { at: number }): DatasetAccess {
  const { at, artifact, principal, run, via, outcome, detail } = row;
  return {
    at,
    kind: "read",
    artifact: artifact as DatasetAccess["artifact"],
    principal,
    run,
    via,
    outcome,
    detail,
  };
}

import type pg from "pg";
import type { Term } from "./words.js";

/** How large a part of all assets has a term, as far as PostgreSQL knows. */
type Frequency = (term: Term) => number;

interface Known {
  rows: number;
  of: Frequency;
}

const KEPT_MS = 60_000;
// What PostgreSQL has never counted is taken for rare.
const UNKNOWN = 0.0005;
// Microseconds, roughly: to gather one row's place from the index for a beginning of a word, and to read one row.
const GATHER = 0.2;
const FETCH = 3;

/** The most common words and how common they are, from the statistics that PostgreSQL keeps for its own planning. */
export class Frequencies {
  readonly #pool: pg.Pool;
  #known: Promise<Known> | undefined;
  #readAt = 0;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * The terms that are worth asking the index for; the rest is cheaper to check on the rows that those leave. The index reads
   * every place of a common word before it can leave out any.
   */
  async worthAsking(terms: readonly Term[]): Promise<Term[]> {
    const { rows, of } = await this.#read();
    const [rarest, ...others] = [...terms].sort((a, b) => of(a) - of(b));
    if (rarest === undefined) return [];
    const chosen = [rarest];
    let left = rows * of(rarest);
    for (const term of others) {
      // Whole words and facets are looked up place by place, which costs next to nothing.
      if (term.prefix && rows * of(term) * GATHER > left * (1 - of(term)) * FETCH) continue;
      chosen.push(term);
      left *= of(term);
    }
    return chosen;
  }

  #read(): Promise<Known> {
    const now = performance.now();
    if (this.#known === undefined || now - this.#readAt > KEPT_MS) {
      this.#readAt = now;
      this.#known = readStatistics(this.#pool);
      this.#known.catch(() => {
        this.#known = undefined;
      });
    }
    return this.#known;
  }
}

async function readStatistics(pool: pg.Pool): Promise<Known> {
  const { rows } = await pool.query<{ elems: string[] | null; freqs: number[] | null; count: number }>(
    `select most_common_elems::text::text[] as elems, most_common_elem_freqs as freqs, c.reltuples as count
     from pg_class c left join pg_stats s on s.tablename = c.relname and s.attname = 'words' and s.schemaname = current_schema
     where c.oid = 'assets'::regclass`,
  );
  const { elems, freqs, count } = rows[0] ?? { elems: null, freqs: null, count: 0 };
  const common = (elems ?? []).map((lexeme, at): [string, number] => [lexeme, freqs?.[at] ?? 0]);
  const exact = new Map(common);
  const of: Frequency = ({ lexeme, prefix }) => {
    if (!prefix) return exact.get(lexeme) ?? UNKNOWN;
    const sum = common.reduce((all, [word, part]) => (word.startsWith(lexeme) ? all + part : all), 0);
    return Math.min(1, sum === 0 ? UNKNOWN : sum);
  };
  return { rows: Math.max(0, count), of };
}

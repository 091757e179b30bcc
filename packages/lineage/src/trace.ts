import type { FlowStep } from "./columns.js";
import { carried } from "./columns.js";
import { DECLARED, RELATIONS } from "./graph.js";

export type Direction = "down" | "up";

/** An edge as the store answers it: numbers, because a trace reads tens of thousands. */
export interface Step {
  from: number;
  to: number;
  /** The number of its relation, with `DECLARED` added. */
  relation: number;
}

export interface Neighbours {
  /** Edges that leave (down) or enter (up) any of `ids`, at most `most`; with `columns`, what they say of columns. */
  edges(ids: readonly number[], direction: Direction, most: number, columns: boolean): Promise<FlowStep[]>;
  /**
   * Those of `ids` that a run on record made, with what went into it: that is known better than any document says. Never by
   * the word of an event, which anybody may send: it would hide what a document declares.
   */
  recorded(ids: readonly number[]): Promise<number[]>;
}

export interface Reached {
  id: number;
  depth: number;
  /** The node that it was first reached from; undefined for an origin. */
  via: number | undefined;
  /** Columns that were reached, when one was followed; `*` is all of it. */
  columns?: string[];
}

export interface Reach {
  /** Nearest first. */
  nodes: Reached[];
  /** Each once: all between the nearest 2,000 nodes, and for each other node the one by which it was reached first. */
  edges: Step[];
  truncated: boolean;
}

export interface TraceOptions {
  direction: Direction;
  /** Most nodes. */
  limit: number;
  depth?: number;
  /** Follow one column, where edges name columns. */
  column?: string;
}

/**
 * How a node was reached. FULL: by what is on record. DECLARED_ONLY: only a document says so; then versions whose making is
 * on record are judged by that instead. TOUCHED: one of its versions was reached, so its other versions were not.
 */
const [FULL, DECLARED_ONLY, TOUCHED] = [0, 1, 2] as const;
type Mode = typeof FULL | typeof DECLARED_ONLY | typeof TOUCHED;

interface Cargo {
  mode: Mode;
  /** What of the node is followed; undefined where no column was asked for. */
  tokens: ReadonlySet<string> | undefined;
}

interface Move extends Cargo {
  step: Step;
  from: number;
  to: number;
  /** Only if no run on record made it. */
  unlessRecorded: boolean;
}

/** So that one hub with a million edges does not have to be read to the end to see that it is too much. */
const EDGES_A_NODE = 10;
const LEAST_EDGES = 20_000;
/** More nodes than that nobody can look at in one picture. */
const DRAWN = 2_000;

/** All that the origins reached (down) or came from (up), level by level, so that the first way found is a shortest. */
export async function trace(
  origins: readonly number[],
  store: Neighbours,
  options: TraceOptions,
): Promise<Reach> {
  const { direction, limit, column, depth: deepest = Number.POSITIVE_INFINITY } = options;
  const walk = new Walk(origins, limit, column);
  const most = Math.max(LEAST_EDGES, limit * EDGES_A_NODE);
  for (let depth = 1; depth <= deepest && walk.frontier.size > 0; depth++) {
    const level = walk.next();
    const steps = await store.edges([...level.keys()], direction, most, column !== undefined);
    if (steps.length >= most) walk.truncated = true;
    const moves = steps.flatMap((step) => moveOf(step, level, direction) ?? []);
    walk.take(await withoutRecorded(moves, store), depth);
  }
  return walk.result();
}

class Walk {
  frontier = new Map<number, Cargo>();
  truncated = false;
  readonly #reached = new Map<number, Reached>();
  readonly #steps: Step[] = [];
  /** The first way to each node that is not among the nearest. */
  readonly #far: Step[] = [];
  readonly #modes = new Map<number, Mode>();
  readonly #tokens = new Map<number, Set<string>>();
  readonly #limit: number;

  constructor(origins: readonly number[], limit: number, column: string | undefined) {
    this.#limit = limit;
    const tokens = column === undefined ? undefined : new Set([column]);
    for (const id of origins) this.#enter({ id, depth: 0, via: undefined }, { mode: FULL, tokens });
  }

  next(): Map<number, Cargo> {
    const level = this.frontier;
    this.frontier = new Map();
    return level;
  }

  take(moves: readonly Move[], depth: number): void {
    for (const move of moves) {
      const known = this.#reached.has(move.to);
      if (!known && this.#reached.size >= this.#limit) {
        this.truncated = true;
        continue;
      }
      this.#steps.push(move.step);
      if (!known && this.#reached.size >= DRAWN) this.#far.push(move.step);
      // Gone through once more only with more than before; there is an end to that, so there is one to cycles.
      if (this.#adds(move)) this.#enter({ id: move.to, depth, via: move.from }, move);
    }
  }

  result(): Reach {
    const nodes = [...this.#reached.values()].map((node) => {
      const tokens = this.#tokens.get(node.id);
      return tokens === undefined ? node : { ...node, columns: [...tokens] };
    });
    const near = new Set(nodes.slice(0, DRAWN).map(({ id }) => id));
    const edges = this.#steps.filter(({ from, to }) => near.has(from) && near.has(to));
    return { nodes, edges: distinct([...edges, ...this.#far].map(shown)), truncated: this.truncated };
  }

  #adds({ to, mode, tokens }: Move): boolean {
    const before = this.#modes.get(to);
    if (before === undefined || mode < before) return true;
    if (tokens === undefined) return false;
    const known = this.#tokens.get(to);
    return [...tokens].some((token) => known?.has(token) !== true);
  }

  #enter(node: Reached, { mode, tokens }: Cargo): void {
    const { id } = node;
    if (!this.#reached.has(id)) this.#reached.set(id, node);
    const strongest = Math.min(mode, this.#modes.get(id) ?? mode) as Mode;
    this.#modes.set(id, strongest);
    const all = tokens && new Set([...(this.#tokens.get(id) ?? []), ...tokens]);
    if (all !== undefined) this.#tokens.set(id, all);
    this.frontier.set(id, { mode: strongest, tokens: all });
  }
}

/** The way from a version to its asset is shown as what it is: the asset has that version. */
function shown({ from, to, relation }: Step): Step {
  if (relation === RELATIONS.of) return { from: to, to: from, relation: RELATIONS.version };
  return { from, to, relation };
}

function distinct(steps: readonly Step[]): Step[] {
  const found = new Map(steps.map((step) => [`${step.from} ${step.to} ${step.relation}`, step]));
  return [...found.values()];
}

function moveOf(step: FlowStep, level: ReadonlyMap<number, Cargo>, direction: Direction): Move | undefined {
  const [from, to] = direction === "down" ? [step.from, step.to] : [step.to, step.from];
  const cargo = level.get(from);
  if (cargo === undefined) return undefined;
  const { mode } = cargo;
  const next = direction === "down" ? modeDown(step.relation, mode) : modeUp(step.relation, mode);
  const tokens = cargo.tokens && carried(step, cargo.tokens, direction);
  if (next === undefined || tokens?.size === 0) return undefined;
  const unlessRecorded =
    step.relation === RELATIONS.version && mode === DECLARED_ONLY && direction === "down";
  return { step, from, to, mode: next, tokens, unlessRecorded };
}

function modeDown(relation: number, mode: Mode): Mode | undefined {
  if (relation === RELATIONS.version) return mode === TOUCHED ? undefined : FULL;
  if (relation === RELATIONS.of) return TOUCHED;
  return modeAcross(relation, mode);
}

function modeUp(relation: number, mode: Mode): Mode | undefined {
  if (relation === RELATIONS.version) return TOUCHED;
  if (relation === RELATIONS.of) return mode === FULL ? FULL : undefined;
  return modeAcross(relation, mode);
}

function modeAcross(relation: number, mode: Mode): Mode {
  if (relation % DECLARED === RELATIONS.same) return mode;
  return relation >= DECLARED ? DECLARED_ONLY : FULL;
}

async function withoutRecorded(moves: Move[], store: Neighbours): Promise<Move[]> {
  const doubtful = moves.filter(({ unlessRecorded }) => unlessRecorded);
  if (doubtful.length === 0) return moves;
  const recorded = new Set(await store.recorded(doubtful.map(({ to }) => to)));
  return moves.filter(({ to, unlessRecorded }) => !unlessRecorded || !recorded.has(to));
}

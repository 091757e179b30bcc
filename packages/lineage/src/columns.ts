import { DECLARED, RELATIONS } from "./graph.js";
import type { Direction, Step } from "./trace.js";

/** A step with what it says of columns; nodes by their ids. */
export interface FlowStep extends Step {
  columns?: { to: string; from: { id: number; field: string }[] }[];
}

/** All of a node. */
const ALL = "*";

/**
 * What of the next node is followed when `tokens` of this one are. At a dataset a token is a column; at a run it is a column
 * of one dataset that the run read, `ID COLUMN`. Where an edge says nothing of columns, everything is followed: too much
 * is found then, never too little.
 */
export function carried(step: FlowStep, tokens: ReadonlySet<string>, direction: Direction): Set<string> {
  const relation = step.relation % DECLARED;
  if (relation === RELATIONS.same || relation === RELATIONS.version || relation === RELATIONS.of)
    return new Set(tokens);
  if (relation === RELATIONS.input)
    return direction === "down" ? intoRun(step, tokens) : outOfRun(step, tokens);
  if (step.columns === undefined) return new Set([ALL]);
  const through = relation === RELATIONS.output;
  return direction === "down" ? forward(step, tokens, through) : backward(step, tokens, through);
}

const intoRun = ({ from }: Step, tokens: ReadonlySet<string>): Set<string> =>
  new Set([...tokens].map((column) => tokenAt(from, column)));

/** Upwards from a run to one dataset that it read: those of its tokens that are columns of it. */
function outOfRun({ from }: Step, tokens: ReadonlySet<string>): Set<string> {
  if (tokens.has(ALL)) return new Set([ALL]);
  const mine = [...tokens].filter((token) => token.startsWith(`${from} `));
  return new Set(mine.map((token) => token.slice(`${from} `.length)));
}

function forward(
  { from, columns = [] }: FlowStep,
  tokens: ReadonlySet<string>,
  through: boolean,
): Set<string> {
  const has = (id: number, field: string): boolean =>
    through
      ? tokens.has(ALL) || tokens.has(tokenAt(id, field)) || tokens.has(tokenAt(id, ALL))
      : id === from && (tokens.has(ALL) || tokens.has(field));
  const hit = columns.filter((flow) => flow.from.some(({ id, field }) => has(id, field)));
  return new Set(hit.map(({ to }) => to));
}

function backward(
  { from, columns = [] }: FlowStep,
  tokens: ReadonlySet<string>,
  through: boolean,
): Set<string> {
  const hit = columns.filter(({ to }) => to === ALL || tokens.has(to) || tokens.has(ALL));
  const sources = hit.flatMap((flow) => flow.from);
  if (through) return new Set(sources.map(({ id, field }) => tokenAt(id, field)));
  return new Set(sources.filter(({ id }) => id === from).map(({ field }) => field));
}

const tokenAt = (id: number, column: string): string => `${id} ${column}`;

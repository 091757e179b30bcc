import { invalid } from "../error.js";
import { type Grammar, type Identifier, identifierOf } from "./grammar.js";
import { tokenize } from "./lexer.js";

export interface Ordering extends Identifier {
  ascending: boolean;
}

const MAX_ORDERINGS = 16;

/** Reads `metrics.auc DESC` and the like, the most significant first. */
export function parseOrder(clauses: readonly string[], grammar: Grammar): Ordering[] {
  if (clauses.length > MAX_ORDERINGS) throw invalid(`order_by has more than ${MAX_ORDERINGS} clauses.`);
  const orderings = clauses.map((clause) => readOrdering(clause, grammar));
  const names = new Set(orderings.map(({ entity, key }) => `${entity} ${key}`));
  if (names.size < orderings.length) {
    throw invalid(`order_by contains duplicate fields: ${clauses.join(", ").slice(0, 200)}`);
  }
  return orderings;
}

function readOrdering(clause: string, grammar: Grammar): Ordering {
  const [name, direction, ...more] = tokenize(clause);
  if (name?.kind !== "name" || more.length > 0) throw malformed(clause);
  const identifier = identifierOf(name.value, grammar);
  if (identifier.entity === "dataset") throw malformed(clause);
  if (direction === undefined) return { ...identifier, ascending: true };
  const word = direction.kind === "name" ? direction.value.toLowerCase() : "";
  if (word !== "asc" && word !== "desc")
    throw invalid(`Invalid ordering key in order_by clause '${clause}'.`);
  return { ...identifier, ascending: word === "asc" };
}

function malformed(clause: string): Error {
  return invalid(`Invalid order_by clause '${clause.slice(0, 200)}'. Could not be parsed.`);
}

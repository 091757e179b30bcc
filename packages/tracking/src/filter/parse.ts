import { invalid } from "../error.js";
import { type Entity, type Grammar, type Identifier, identifierOf } from "./grammar.js";
import { type Token, tokenize } from "./lexer.js";

export type Comparator =
  | "="
  | "!="
  | ">"
  | ">="
  | "<"
  | "<="
  | "LIKE"
  | "ILIKE"
  | "IN"
  | "NOT IN"
  | "IS NULL"
  | "IS NOT NULL";

export interface Comparison extends Identifier {
  comparator: Comparator;
  /** A list for IN and NOT IN, null for IS NULL and IS NOT NULL. */
  value: string | number | string[] | null;
}

const NUMERIC: readonly Comparator[] = ["=", "!=", ">", ">=", "<", "<="];
const TEXTUAL: readonly Comparator[] = ["=", "!=", "LIKE", "ILIKE"];
const LISTS: readonly Comparator[] = ["IN", "NOT IN"];
const NULLS: readonly Comparator[] = ["IS NULL", "IS NOT NULL"];
const MAX_COMPARISONS = 100;

/** Reads comparisons joined by AND, as MLflow's searches write them. Everything else is refused. */
export function parseFilter(source: string, grammar: Grammar): Comparison[] {
  const cursor = new Cursor(tokenize(source));
  const comparisons: Comparison[] = [];
  if (cursor.ended) return comparisons;
  do {
    if (comparisons.length === MAX_COMPARISONS) {
      throw invalid(`Invalid filter: it has more than ${MAX_COMPARISONS} comparisons.`);
    }
    comparisons.push(readComparison(cursor, grammar));
  } while (cursor.takeWord("AND"));
  if (!cursor.ended) throw invalid(`Invalid clause(s) in filter string: '${cursor.rest()}'.`);
  return comparisons;
}

class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  next(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw invalid("Invalid comparison clause: the filter ends in the middle of it.");
    this.#at += 1;
    return token;
  }

  takeWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "name" || token.value.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  takeSign(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "sign" || token.value !== sign) return false;
    this.#at += 1;
    return true;
  }

  rest(): string {
    return this.#tokens
      .slice(this.#at, this.#at + 5)
      .map(({ value }) => String(value))
      .join(" ")
      .slice(0, 80);
  }
}

function readComparison(cursor: Cursor, grammar: Grammar): Comparison {
  const left = cursor.next();
  if (left.kind !== "name")
    throw invalid(`Invalid comparison clause. Expected an identifier, found '${String(left.value)}'.`);
  const identifier = identifierOf(left.value, grammar);
  const comparator = readComparator(cursor);
  const allowed = comparatorsOf(identifier, grammar);
  if (!allowed.includes(comparator)) {
    throw invalid(
      `Invalid comparator '${comparator}' for ${identifier.entity} '${identifier.key}'. Valid are ${allowed.join(", ")}.`,
    );
  }
  return { ...identifier, comparator, value: readValue(cursor, identifier, comparator, grammar) };
}

function readComparator(cursor: Cursor): Comparator {
  if (cursor.takeWord("IS")) {
    const not = cursor.takeWord("NOT");
    if (cursor.takeWord("NULL")) return not ? "IS NOT NULL" : "IS NULL";
    throw invalid("Invalid comparison clause. IS is followed by NULL or NOT NULL.");
  }
  if (cursor.takeWord("NOT")) {
    if (cursor.takeWord("IN")) return "NOT IN";
    throw invalid("Invalid comparison clause. NOT is followed by IN.");
  }
  for (const word of ["IN", "LIKE", "ILIKE"] as const) if (cursor.takeWord(word)) return word;
  for (const sign of NUMERIC) if (cursor.takeSign(sign)) return sign;
  throw invalid(`Invalid comparison clause. Expected a comparator, found '${cursor.rest()}'.`);
}

function comparatorsOf({ entity, key }: Identifier, grammar: Grammar): readonly Comparator[] {
  if (entity === "metric") return NUMERIC;
  if (entity === "parameter" || entity === "tag") return [...TEXTUAL, ...NULLS];
  if (entity === "dataset") return [...TEXTUAL, ...LISTS];
  if (grammar.attributes[key] === "number") return NUMERIC;
  return grammar.lists.includes(key) ? [...TEXTUAL, ...LISTS] : TEXTUAL;
}

function readValue(
  cursor: Cursor,
  identifier: Identifier,
  comparator: Comparator,
  grammar: Grammar,
): Comparison["value"] {
  if (NULLS.includes(comparator)) return null;
  if (LISTS.includes(comparator)) return readList(cursor);
  const token = cursor.next();
  if (isNumeric(identifier.entity, identifier.key, grammar)) {
    if (token.kind === "number") return token.value;
    throw invalid(`Expected numeric value type for ${describe(identifier)}. Found '${String(token.value)}'.`);
  }
  if (token.kind === "text") return token.value;
  throw invalid(
    `Expected a quoted string value for ${describe(identifier)}. Found '${String(token.value)}'.`,
  );
}

function readList(cursor: Cursor): string[] {
  if (!cursor.takeSign("("))
    throw invalid("Invalid comparison clause. IN is followed by a list in parentheses.");
  const list: string[] = [];
  do {
    const token = cursor.next();
    if (token.kind !== "text") throw invalid("While parsing a list in the query, expected string values.");
    list.push(token.value);
  } while (cursor.takeSign(","));
  if (!cursor.takeSign(")")) throw invalid("Invalid comparison clause. A list ends with a parenthesis.");
  return list;
}

function isNumeric(entity: Entity, key: string, grammar: Grammar): boolean {
  return entity === "metric" || (entity === "attribute" && grammar.attributes[key] === "number");
}

function describe({ entity, key }: Identifier): string {
  return `${entity} '${key}'`;
}

import { keyOf } from "./calls.js";
import type { Evaluator } from "./evaluate.js";
import type { Source } from "./source.js";
import { isSign } from "./token.js";
import type { Value } from "./value.js";
import { inside, type Range, split } from "./words.js";

const known = new WeakMap<Source, ReadonlyMap<string, readonly Range[]>>();

/** Go: what literals of the file's own types give a field, `&Client{model: "gpt-4o"}`, for whoever reads it from a receiver. */
export function literalField(evaluator: Evaluator, source: Source, name: string): readonly Value[] {
  if (source.dialect.name !== "go") return [];
  const fields = known.get(source) ?? fieldsOf(source);
  known.set(source, fields);
  return (fields.get(name) ?? []).flatMap((range) => evaluator.range(source, range));
}

function fieldsOf(source: Source): ReadonlyMap<string, readonly Range[]> {
  const found = new Map<string, Range[]>();
  const types = structsOf(source);
  for (const [at, token] of source.tokens.entries()) {
    if (!isSign(token, "{") || !types.has(source.tokens[at - 1]?.value ?? "")) continue;
    for (const part of split(source, inside(source, at))) {
      const key = keyOf(source, part, true);
      if (key) found.set(key.name, [...(found.get(key.name) ?? []), key.value].slice(-8));
    }
  }
  return found;
}

const structsOf = ({ tokens }: Source): ReadonlySet<string> =>
  new Set(
    tokens.flatMap((token, at) =>
      token.value === "type" && tokens[at + 2]?.value === "struct" ? [tokens[at + 1]?.value ?? ""] : [],
    ),
  );

import type { Evaluator } from "./evaluate.js";
import type { Source } from "./source.js";
import { type Reference, textsOf, type Value } from "./value.js";

const PARSED = /(^|\.)(parse_args|parse_known_args|FLAGS|opts|argv|options|flags|arguments)$/;
const DECLARES = /^(add_argument|option|argument|DEFINE_string|addOption|StringVar|StringVarP)$/;

/** `args.model`: the default of the option that the command line of the same file declares. */
export function presetOf(
  evaluator: Evaluator,
  source: Source,
  value: Reference,
  name: string,
): readonly Value[] {
  const path = value.path.join(".");
  if (!PARSED.test(path) && !/^(args|opt|opts|FLAGS|argv|options|flags)$/.test(path)) return [];
  const found: Value[] = [];
  for (const site of evaluator.project.callsIn(source)) {
    if (!DECLARES.test(source.tokens[site.open - 1]?.value ?? "")) continue;
    const { positional } = evaluator.arguments(site);
    const flags = positional.flatMap((range) =>
      textsOf(evaluator.range(source, range)).map(({ text }) => text),
    );
    if (!flags.some((flag) => spelled(flag) === spelled(name))) continue;
    found.push(...evaluator.named(site, ["default"], 1));
    if (positional.length > 1) found.push(...last(evaluator, source, positional.at(-1)));
  }
  return found;
}

function last(
  evaluator: Evaluator,
  source: Source,
  range: { from: number; to: number } | undefined,
): readonly Value[] {
  if (!range) return [];
  return textsOf(evaluator.range(source, range)).filter(
    ({ text }) => !text.startsWith("-") && !text.includes(" "),
  );
}

const spelled = (flag: string): string =>
  flag
    .replace(/^-+/, "")
    .replace(/[ =,<[].*$/, "")
    .replace(/[-_]/g, "")
    .toLowerCase();

import type { CallSite } from "./calls.js";
import type { Evaluator } from "./evaluate.js";
import type { Source } from "./source.js";
import { type Reference, textsOf, type Value } from "./value.js";
import type { Range } from "./words.js";

const PARSED = /^(parse_args|parse_known_args|FLAGS|args|opt|opts|argv|options|flags|arguments)$/;
const DECLARES = /^(add_argument|option|argument|DEFINE_string|addOption|StringVar|StringVarP)$/;

const declared = new WeakMap<Source, ReadonlyMap<string, readonly CallSite[]>>();

/** `args.model`: the default of the option that the command line of the same file declares. */
export function presetOf(
  evaluator: Evaluator,
  source: Source,
  value: Reference,
  name: string,
): readonly Value[] {
  if (!PARSED.test(value.path.at(-1) ?? "")) return [];
  const sites = optionsOf(evaluator, source).get(spelled(name)) ?? [];
  return sites.flatMap((site) => {
    const { positional } = evaluator.arguments(site);
    const preset = evaluator.named(site, ["default"], 1);
    return positional.length > 1 ? [...preset, ...last(evaluator, source, positional.at(-1))] : preset;
  });
}

function optionsOf(evaluator: Evaluator, source: Source): ReadonlyMap<string, readonly CallSite[]> {
  const known = declared.get(source);
  if (known) return known;
  const found = new Map<string, CallSite[]>();
  declared.set(source, found);
  for (const site of evaluator.project.callsIn(source)) {
    if (!DECLARES.test(source.tokens[site.open - 1]?.value ?? "")) continue;
    const { positional } = evaluator.arguments(site);
    for (const range of positional)
      for (const { text } of textsOf(evaluator.range(source, range)))
        found.set(spelled(text), [...(found.get(spelled(text)) ?? []), site]);
  }
  return found;
}

function last(evaluator: Evaluator, source: Source, range: Range | undefined): readonly Value[] {
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

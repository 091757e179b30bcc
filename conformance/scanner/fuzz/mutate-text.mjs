// JSON as a tree; other texts (YAML, XML, templates, Python) as tokens.
import { mutateBytes } from "./mutate-bytes.mjs";

const LEAVES = [
  null,
  true,
  false,
  0,
  -1,
  1e300,
  "",
  "x",
  [],
  {},
  "../x",
  "/etc/passwd",
  "os.system",
  "http://x",
  "__lambda__",
  2 ** 53,
];

function nodes(value, found = []) {
  if (found.length > 2000) return found;
  if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value)) {
      found.push([value, key]);
      nodes(value[key], found);
    }
  }
  return found;
}

export function mutateJson(random, input, context) {
  if (random.chance(4)) return mutateTokens(random, input, context);
  let root;
  try {
    root = JSON.parse(input.toString("utf8"));
  } catch {
    return mutateTokens(random, input, context);
  }
  const count = 1 + random.below(4);
  for (let i = 0; i < count; i++) {
    const all = nodes(root);
    if (all.length === 0) break;
    changeNode(random, all, context);
  }
  const text = JSON.stringify(root, null, random.chance(8) ? 1 : 0) ?? "{}";
  return Buffer.from(random.chance(10) ? text.replace(/"(\w+)":/, '"$1":1,"$1":') : text);
}

function changeNode(random, all, context) {
  const [holder, key] = random.pick(all);
  const [other, otherKey] = random.pick(all);
  switch (random.below(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      holder[key] = random.pick(LEAVES);
      break;
    case 2:
      holder[key] = random.pick(context.words) ?? "x";
      break;
    case 3:
      holder[key] = structuredClone(other[otherKey]);
      break;
    case 4:
      holder[key] = Array.isArray(holder[key])
        ? [...holder[key], random.pick(context.words) ?? 1]
        : [holder[key]];
      break;
    case 5:
      if (!Array.isArray(holder)) holder[random.pick(context.words) ?? "k"] = holder[key];
      break;
    case 6:
      if (typeof holder[key] === "string")
        holder[key] = mutateTokens(random, Buffer.from(holder[key]), context).toString("utf8");
      else if (typeof holder[key] === "number")
        holder[key] = random.pick([0, -1, holder[key] + 1, holder[key] * 4096, 1.5]);
      break;
    default:
      holder[key] = {
        [random.pick(context.words) ?? "k"]: holder[key],
        class_name: random.pick(context.words) ?? "x",
        config: {},
      };
  }
}

const TOKEN = /[A-Za-z_]\w*|\d+|\s+|[^\w\s]/g;

export function mutateTokens(random, input, context) {
  if (random.chance(5)) return mutateBytes(random, input, context);
  const tokens = input.toString("latin1").match(TOKEN) ?? [];
  const count = 1 + random.below(5);
  for (let i = 0; i < count; i++) {
    const at = random.below(tokens.length);
    const from = random.below(tokens.length);
    const block = tokens.slice(from, from + 1 + random.below(8));
    switch (random.below(5)) {
      case 0:
        tokens.splice(at, 1 + random.below(3));
        break;
      case 1:
        tokens.splice(at, 0, ...block);
        break;
      case 2:
        tokens.splice(at, random.below(2), random.pick(context.words) ?? "x");
        break;
      case 3:
        tokens.splice(
          at,
          1,
          random.pick([
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            '"',
            "'",
            "\\",
            "%}",
            "{%",
            "{{",
            "}}",
            "|",
            "\n",
            "<",
            ">",
            "&",
            "#",
            ":",
            "-",
            "!!",
            "~",
            "0",
            "__class__",
          ]),
        );
        break;
      default:
        tokens[at] = tokens[from] ?? "";
    }
  }
  return Buffer.from(tokens.join(""), "latin1");
}

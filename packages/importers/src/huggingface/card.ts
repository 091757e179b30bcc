import { CountersignError } from "@countersign/evidence";
import { LIMITS as DEFAULTS, parseYaml } from "@countersign/inventory";
import { type Loose, record } from "../value.js";

const LIMITS = { ...DEFAULTS, characters: 1_048_576, documents: 2, tokens: 200_000 };
const FRONT_MATTER = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

export type Card = { ok: true; metadata: Loose; found: boolean } | { ok: false; reason: string };

/** The metadata at the top of a model or dataset card; a bomb or a mistake in it is an answer, not a fault. */
export function readCard(bytes: Uint8Array): Card {
  const text = new TextDecoder().decode(bytes.subarray(0, 2 * LIMITS.characters));
  const [, yaml] = FRONT_MATTER.exec(text) ?? [];
  if (yaml === undefined) return { ok: true, metadata: {}, found: false };
  try {
    return { ok: true, metadata: record(parseYaml(yaml, LIMITS)[0]?.value), found: true };
  } catch (cause) {
    if (!(cause instanceof CountersignError)) throw cause;
    return { ok: false, reason: cause.message };
  }
}

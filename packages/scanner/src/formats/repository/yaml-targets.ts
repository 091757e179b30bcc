/** A key `_target_` in any place and quotes that YAML allows, and the plain or quoted name that follows it. */
const TARGET =
  /(?:^|[\s{,["'?-])_target_["']?\s*:\s*(?:[!&][^\s,{}[\]]{0,200}\s+){0,4}[>|]?[-+]?\s*["']?([\w.]{1,300})/g;

/** The same for `target`, which latent diffusion models call with `params`; other programs use the word too. */
const PLAIN_TARGET =
  /(?:^|[\s{,["'?-])target["']?\s*:\s*["']?([A-Za-z_]\w{0,100}(?:\.[A-Za-z_]\w{0,100}){1,10})/g;

/** What a target that only finds a name is given, before or after it in the same mapping. */
const PATH = /(?:^|[\s{,["'?-])path["']?\s*:\s*["']?([A-Za-z_]\w{0,100}(?:\.[A-Za-z_]\w{0,100}){1,10})/g;

/** The names under `_target_`, in blocks, in flows, behind tags and anchors, and with escapes in the key. */
export function yamlTargets(text: string): { target: string; path?: string }[] {
  const plain = text.replace(/(^|[ \t])#.*$/gm, "$1").replace(/\\(?:x5f|u005f|U0000005f)/gi, "_");
  const targets = [...plain.matchAll(TARGET)].map((match) => ({ target: match[1] ?? "" }));
  const finder = targets.find(({ target }) => target.startsWith("hydra.utils."));
  if (finder === undefined) return targets;
  const paths = [...plain.matchAll(PATH)].map((match) => ({ ...finder, path: match[1] ?? "" }));
  return [...targets, ...paths];
}

/** Dotted names under the key `target`, in a document that has `params` too. */
export function plainTargets(text: string): string[] {
  if (!/\bparams\b/.test(text)) return [];
  const plain = text.replace(/(^|[ \t])#.*$/gm, "$1");
  return [...plain.matchAll(PLAIN_TARGET)].map((match) => match[1] ?? "");
}

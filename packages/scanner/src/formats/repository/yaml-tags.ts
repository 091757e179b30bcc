/** A tag by which PyYAML and ruamel make Python objects, as it stands behind `tag:yaml.org,2002:python/`. */
export interface PythonTag {
  written: string;
  at: number;
  kind: string;
  target: string;
  /** Up to the end of the target, without what follows it. */
  tag: string;
}

const DIRECTIVE = /(?:^|[\x85\ufeff])%TAG[ \t]+(!(?:[\w-]{0,10000}!)?)[ \t]+([^\s\x85]{1,1000})/.source;
const TAG = /!(?:<([^<>\s]{1,1000})>|([\w-]{0,10000}!)?([-;/?:@&=+$,.~*'()[\]%\w]{0,1000}))/.source;
const TOKEN: RegExp = new RegExp(`${DIRECTIVE}|${TAG}`, "gm");

const YAML = "tag:yaml.org,2002:";
const PYTHON = /^tag:yaml\.org,2002:python\/((object(?:\/(?:apply|new))?|name|module)[:/]?([\w.]*))/;

/**
 * The tags of Python objects, also where a `%TAG` line gives their beginning another name or characters are written as
 * `%6f`. A handle means what the last such line says, and what it means without one: documents forget the lines of others.
 */
export function* pythonTags(text: string): Generator<PythonTag> {
  const prefixes = new Map<string, string>();
  for (const found of text.matchAll(TOKEN)) {
    const [written, named, prefix = "", verbatim, end = "", suffix = ""] = found;
    if (named !== undefined) {
      prefixes.set(named, decode(prefix));
      continue;
    }
    const handle = `!${end}`;
    const meant = [prefixes.get(handle) ?? "!", end === "!" ? YAML : "!"];
    const uris = verbatim === undefined ? meant.map((uri) => uri + decode(suffix)) : [decode(verbatim)];
    const python = uris.map((uri) => PYTHON.exec(uri)).find((match) => match !== null);
    if (!python) continue;
    const [, tag = "", kind = "", target = ""] = python;
    yield { written, at: found.index, kind, target, tag };
  }
}

/** Percent escapes of ASCII: none of the names that matter holds anything else. */
function decode(uri: string): string {
  return uri.replace(/%([0-7][0-9a-f])/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

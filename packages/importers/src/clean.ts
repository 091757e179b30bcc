import type { Loose } from "./value.js";
import { text } from "./value.js";

const SECRET = /secret|passw|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|signature/i;

/** Whether a foreign tag is called as secrets are called: such tags are left where they are. */
export function looksSecret(name: string): boolean {
  return SECRET.test(name);
}

/** A location without what opens it: no user, password, query or fragment, where pre-signed addresses keep their key. */
export function cleanUri(value: unknown): string | undefined {
  const uri = text(value);
  if (uri === undefined || uri.length > 8_192) return undefined;
  const bare = uri.replace(/[?#].*$/s, "");
  const at = /^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@(.*)$/is.exec(bare);
  const location = at === null ? bare : keepContainer(at[1] ?? "", bare);
  return location === "" ? undefined : location.slice(0, 2_048);
}

// `abfss://container@account/path` and `wasbs://` name a container before the @, not a user.
function keepContainer(scheme: string, uri: string): string {
  if (/^(abfss?|wasbs?):/i.test(scheme))
    return uri.includes(":", scheme.length) ? scheme + afterUser(uri) : uri;
  return scheme + afterUser(uri);
}

const afterUser = (uri: string): string => uri.slice(uri.indexOf("@", uri.indexOf("://")) + 1);

/** `[{ key, value }]`, as MLflow and AWS write tags, as one object without what looks like a secret. */
export function tagMap(tags: readonly Loose[], key: string, value: string): Record<string, string> {
  const entries = tags.flatMap((tag) => {
    const [name, said] = [text(tag[key]), text(tag[value])];
    return name === undefined || said === undefined || looksSecret(name) ? [] : [[name, said] as const];
  });
  return Object.fromEntries(entries);
}

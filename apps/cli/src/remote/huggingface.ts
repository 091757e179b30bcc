import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";
import { fetchJson, safePath } from "./request.js";

/** `hf://[datasets/]owner/name[@revision][/path]`; a revision has no slash but in `refs/pr/1` and `refs/convert/parquet`. */
const ADDRESS =
  /^hf:\/\/(?:(models|datasets|spaces)\/)?([\w.-]+\/[\w.-]+)(?:@(refs\/(?:pr|convert)\/[^/]+|[^/]+))?(?:\/(.*))?$/;
const MAX_FILES = 10_000;
const MAX_PAGES = 200;
const ADVICE = "check the name, and set HF_TOKEN if the repository is private or gated";
/** The address of a page that a person has open, for the same repository. */
const PAGE =
  /^\/(?:(datasets|spaces)\/)?([\w.-]+\/[\w.-]+)(?:\/(?:tree|blob|resolve)\/([^/]+)(?:\/(.*))?)?\/?$/;

interface Item {
  type?: unknown;
  path?: unknown;
  size?: unknown;
}

/** Files of a repository on a Hugging Face hub; `HF_ENDPOINT` names another hub, `HF_TOKEN` opens private ones. */
export async function listHuggingFace(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const [, kind = "models", name, revision = "main", wanted = ""] = ADDRESS.exec(address) ?? [];
  if (name === undefined) {
    throw new CountersignError(
      "usage",
      "Write it as hf://owner/name, hf://owner/name@revision or hf://owner/name/path.",
    );
  }
  const { env } = surroundings;
  const endpoint = endpointOf(env);
  const headers: Record<string, string> = env.HF_TOKEN ? { authorization: `Bearer ${env.HF_TOKEN}` } : {};
  const repository = kind === "models" ? name : `${kind}/${name}`;
  const ref = encodeURIComponent(revision);
  const files: RemoteFile[] = [];
  let next: string | undefined = `${endpoint}/api/${kind}/${name}/tree/${ref}?recursive=true`;
  for (let pages = 0; next !== undefined; pages++) {
    if (pages === MAX_PAGES)
      throw new CountersignError("payload-too-large", "The repository's listing does not end.");
    const page: { body: unknown; headers: Headers } = await fetchJson(next, headers, surroundings, ADVICE);
    for (const item of listOf(page.body)) {
      const file = fileOf(item, wanted);
      if (file === undefined) continue;
      const url = `${endpoint}/${repository}/resolve/${ref}/${safePath(file.path)}`;
      files.push({ ...file, url, headers, etag: "", ranges: true, advice: ADVICE });
    }
    if (files.length > MAX_FILES)
      throw new CountersignError("payload-too-large", "The repository has too many files.");
    next = nextOf(page.headers, endpoint);
  }
  return files;
}

const endpointOf = ({ HF_ENDPOINT }: Surroundings["env"]): string =>
  (HF_ENDPOINT ?? "https://huggingface.co").replace(/\/$/, "");

/** The `hf://` address of what a page of the hub shows; undefined for other addresses. */
export function hubAddress(address: string, env: Surroundings["env"]): string | undefined {
  const endpoint = endpointOf(env);
  if (!address.startsWith(`${endpoint}/`)) return undefined;
  const { pathname } = new URL(address);
  const [, kind, name, revision, path] =
    PAGE.exec(pathname.slice(new URL(endpoint).pathname.length - 1)) ?? [];
  if (name === undefined || /^(?:api|datasets|spaces|docs)\//.test(name)) return undefined;
  const at = revision === undefined ? "" : `@${decodeURIComponent(revision)}`;
  const below = path === undefined || path === "" ? "" : `/${decodeURIComponent(path)}`;
  return `hf://${kind === undefined ? "" : `${kind}/`}${name}${at}${below}`;
}

const listOf = (body: unknown): Item[] => (Array.isArray(body) ? (body as Item[]) : []);

function fileOf({ type, path, size }: Item, wanted: string): { path: string; size: number } | undefined {
  if (type !== "file" || typeof path !== "string") return undefined;
  const inside = wanted === "" || path === wanted || path.startsWith(wanted.replace(/\/?$/, "/"));
  // What the file's own server says of its size counts.
  return inside ? { path, size: Number.isSafeInteger(size) ? Number(size) : 0 } : undefined;
}

/** The token goes to no other host, whatever the server says where the next page is; and files there would go unread. */
function nextOf(headers: Headers, endpoint: string): string | undefined {
  const link = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
  if (link === undefined || link.startsWith(`${endpoint}/`)) return link;
  throw new CountersignError("server-unreachable", "The repository's listing goes on at another host.");
}

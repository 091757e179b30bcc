import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";
import { fetchJson } from "./request.js";

/** `hf://[datasets/]owner/name[@revision][/path]` */
const ADDRESS = /^hf:\/\/(?:(models|datasets|spaces)\/)?([\w.-]+\/[\w.-]+?)(?:@([\w./-]+?))?(?:\/(.*))?$/;
const MAX_FILES = 10_000;
const MAX_PAGES = 200;

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
  const endpoint = (env.HF_ENDPOINT ?? "https://huggingface.co").replace(/\/$/, "");
  const headers: Record<string, string> = env.HF_TOKEN ? { authorization: `Bearer ${env.HF_TOKEN}` } : {};
  const repository = kind === "models" ? name : `${kind}/${name}`;
  const ref = encodeURIComponent(revision);
  const files: RemoteFile[] = [];
  let next: string | undefined = `${endpoint}/api/${kind}/${name}/tree/${ref}?recursive=true`;
  for (let pages = 0; next !== undefined; pages++) {
    if (pages === MAX_PAGES)
      throw new CountersignError("payload-too-large", "The repository's listing does not end.");
    const page: { body: unknown; headers: Headers } = await fetchJson(next, headers, surroundings);
    for (const item of listOf(page.body)) {
      const file = fileOf(item, wanted);
      if (file === undefined) continue;
      const url = `${endpoint}/${repository}/resolve/${ref}/${file.path.split("/").map(encodeURIComponent).join("/")}`;
      files.push({ ...file, url, headers, etag: "", ranges: true });
    }
    if (files.length > MAX_FILES)
      throw new CountersignError("payload-too-large", "The repository has too many files.");
    next = nextOf(page.headers, endpoint);
  }
  return files;
}

const listOf = (body: unknown): Item[] => (Array.isArray(body) ? (body as Item[]) : []);

function fileOf({ type, path, size }: Item, wanted: string): { path: string; size: number } | undefined {
  if (type !== "file" || typeof path !== "string" || typeof size !== "number") return undefined;
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  const inside = wanted === "" || path === wanted || path.startsWith(wanted.replace(/\/?$/, "/"));
  return inside ? { path, size } : undefined;
}

/** The token goes to no other host, whatever the server says where the next page is. */
function nextOf(headers: Headers, endpoint: string): string | undefined {
  const link = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "")?.[1];
  return link?.startsWith(`${endpoint}/`) ? link : undefined;
}

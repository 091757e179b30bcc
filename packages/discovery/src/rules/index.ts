import type { Source } from "../code/source.js";
import type { Reference } from "../code/value.js";
import { FILES } from "./files.js";
import { FRAMEWORKS } from "./frameworks.js";
import { HOSTED } from "./hosted.js";
import { LOCAL } from "./local.js";
import type { Library } from "./rule.js";
import { DATA, SERVICES } from "./services.js";

const byHead = new Map<string, Library[]>();
for (const library of [...HOSTED, ...FRAMEWORKS, ...LOCAL, ...FILES, ...SERVICES, ...DATA])
  for (const head of library.heads) {
    const list = byHead.get(head);
    if (list) list.push(library);
    else byHead.set(head, [library]);
  }

export interface Led {
  readonly library: Library;
  /** The path behind the head. */
  readonly tail: string;
}

/** The libraries that a path leads to. A longer head says more than a shorter one, so it comes first. */
export function librariesOf(value: Reference, source: Source): Led[] {
  return pathsOf(value, source).flatMap(leads);
}

function pathsOf({ path, known }: Reference, source: Source): string[][] {
  const [root = ""] = path;
  const { name } = source.dialect;
  if (known) return root.startsWith("file:") ? [] : [[...path]];
  if (name === "ruby" && /^[A-Z]/.test(root)) return [[...path]];
  if (name === "rust" && path.length > 1) return [[...path]];
  if (!/^[A-Z]/.test(root) && name !== "python" && name !== "kotlin") return [];
  const opened = [...source.imports.open].map((module) => [...module.split("."), ...path]);
  return name === "csharp" || name === "java" ? [...opened, [...path]] : opened;
}

function leads(path: readonly string[]): Led[] {
  const found: Led[] = [];
  for (let length = Math.min(path.length, 6); length > 0; length--) {
    const tail = path.slice(length).join(".");
    const joined = path.slice(0, length).join(".");
    for (const head of length === 1 ? headsOf(joined) : [joined])
      for (const library of byHead.get(head) ?? [])
        if (!found.some((led) => led.library === library)) found.push({ library, tail });
  }
  return found;
}

// `openai/resources` is of `openai`, `@langchain/community/llms` of `@langchain/community`.
function headsOf(module: string): string[] {
  const heads = [module];
  for (let cut = module.lastIndexOf("/"); cut > 0; cut = module.lastIndexOf("/", cut - 1))
    heads.push(module.slice(0, cut));
  return heads;
}

const dotted = (module: string): string => module.replaceAll("/", ".");
const heads = new Set([...byHead.keys()].map(dotted));
/** What a head begins with, so that `from google.cloud import aiplatform` is seen. */
const beginnings = new Set(
  [...heads].flatMap((head) => {
    const parts = head.split(".");
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
  }),
);
const TOO_COMMON = /^(com|org|dev|io|ai|de|software|net|github|github\.com|Microsoft)$/;

/** Whether a module may be one of these libraries: the quick question before a file is read closely. */
export function mayMatter(module: string): boolean {
  const path = dotted(module);
  if (beginnings.has(path) && !TOO_COMMON.test(path)) return true;
  for (let end = path.length; end > 0; end = path.lastIndexOf(".", end - 1))
    if (heads.has(path.slice(0, end))) return true;
  return false;
}

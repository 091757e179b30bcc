import { type Document, isKind } from "@countersign/inventory";
import type { Finding, FindingKind } from "./finding.js";
import { isModelFile } from "./rules/names.js";

export type Status = "declared" | "shadow";

export interface Compared extends Finding {
  status: Status;
  /** The document that declares it, as `Kind:name`. */
  declaredBy?: string;
}

/** A document that nothing found answers to. */
export interface Missing {
  kind: FindingKind;
  name: string;
}

export interface Comparison {
  findings: Compared[];
  missing: Missing[];
}

/** Kinds that can be found; what is declared of other kinds cannot be missed. */
const SOUGHT: ReadonlySet<string> = new Set(["Dataset", "Endpoint", "Image", "Model", "Prompt"]);
/** Which documents may declare a finding. A provider's service is declared as a service or as its vendor. */
const DECLARES: Record<FindingKind, readonly string[]> = {
  Code: ["Code"],
  Dataset: ["Dataset"],
  Endpoint: ["Endpoint", "Service"],
  Image: ["Image"],
  Model: ["Model"],
  Prompt: ["Prompt"],
  Service: ["Service", "Vendor"],
};

/** Sets what was found beside what is declared. */
export function compare(findings: readonly Finding[], documents: readonly Document[]): Comparison {
  const declared = new Map<string, Document>();
  for (const document of documents)
    for (const key of keysOfDocument(document)) {
      const whole = `${document.kind}\0${key}`;
      if (!declared.has(whole)) declared.set(whole, document);
    }
  const seen = new Set<Document>();
  const compared = findings.map((finding): Compared => {
    const document = declares(finding, declared);
    if (!document) return { ...finding, status: "shadow" };
    seen.add(document);
    return { ...finding, status: "declared", declaredBy: `${document.kind}:${document.metadata.name}` };
  });
  return {
    findings: compared,
    missing: documents.filter((one) => sought(one) && !seen.has(one)).map(missingOf),
  };
}

const missingOf = ({ kind, metadata }: Document): Missing => ({
  kind: kind as FindingKind,
  name: metadata.name,
});

const sought = (document: Document): boolean =>
  SOUGHT.has(document.kind) && (document.spec as { lifecycle?: string }).lifecycle !== "retired";

function declares(finding: Finding, declared: ReadonlyMap<string, Document>): Document | undefined {
  for (const kind of DECLARES[finding.kind])
    for (const key of keysOfFinding(finding)) {
      const document = declared.get(`${kind}\0${key}`);
      if (document) return document;
    }
  return undefined;
}

// An asset's name has no colon; `llama3.1:8b` is declared as `llama3.1-8b`.
const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[:@\s]+/g, "-")
    .replace(/\/+$/, "");

const ROUTED =
  /^(openai|azure|azure_ai|anthropic|bedrock|vertex_ai|gemini|google|googleai|mistral|cohere|groq|together_ai|ollama|openrouter|deepseek|xai|fireworks_ai|models)[/:]/i;

function keysOfFinding({ kind, name }: Finding): string[] {
  const keys = [plain(name), plain(name.replace(ROUTED, ""))];
  if (kind === "Image") keys.push(...imageKeys(name));
  if (kind === "Endpoint") keys.push(...urlKeys(name));
  if (kind === "Model" && isModelFile(name)) keys.push(plain(stem(name)), plain(baseName(name)));
  if (kind === "Model" && name.startsWith("models/")) keys.push(plain(baseName(name)));
  return keys;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const stem = (path: string): string => baseName(path).replace(/\.[A-Za-z0-9]+$/, "");

// Declared without a tag, an image is declared with every tag.
const imageKeys = (name: string): string[] => {
  const bare = name.replace(/@sha256:.*$/, "");
  return [plain(bare), plain(bare.replace(/:[^/:]*$/, ""))];
};

const urlKeys = (url: string): string[] => {
  const found = /^\w+:\/\/([^/]+)/.exec(url);
  return found ? [plain(url), plain(`${found[0]}`)] : [plain(url)];
};

function keysOfDocument(document: Document): string[] {
  const { name, title } = document.metadata;
  const texts = [name, title, ...sourcesOf(document)].flatMap((text) => (text === undefined ? [] : [text]));
  return texts.flatMap((text) => [plain(text), plain(withoutScheme(text))]);
}

const withoutScheme = (text: string): string =>
  text.replace(/^(hf:\/\/|https?:\/\/huggingface\.co\/(datasets\/)?|\.\/)/, "");

/** What a document says of where its asset is: a name elsewhere for the same thing. */
function sourcesOf(document: Document): (string | undefined)[] {
  if (isKind(document, "Model") || isKind(document, "Dataset"))
    return [document.spec.source, document.spec.origin];
  if (isKind(document, "Endpoint") || isKind(document, "Service")) return [document.spec.url];
  if (isKind(document, "Image"))
    return [document.spec.reference, document.spec.reference.replace(/@sha256:.*$/, "")];
  if (isKind(document, "Code")) return [document.spec.repository];
  return [];
}

import { CountersignError } from "@countersign/evidence";
import type { Finding, Note, Report } from "./finding.js";

export interface MlflowAccess {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

interface Registered {
  name?: unknown;
  latest_versions?: { version?: unknown; current_stage?: unknown }[];
}

const PAGE = 100;
const MAX_PAGES = 1_000;
const MAX_ANSWER = 32 * 2 ** 20;

/** The models that an MLflow server's registry lists. */
export async function discoverMlflow(access: MlflowAccess): Promise<Report> {
  const findings = new Map<string, Finding>();
  const notes: Note[] = [];
  let token: string | undefined;
  const seen = new Set<string>();
  for (let page = 0; page < MAX_PAGES; page++) {
    const { models, next } = await readPage(access, token);
    for (const model of models) add(findings, model, access.url);
    if (next === undefined || next === "" || seen.has(next)) return report(findings, notes);
    seen.add(next);
    token = next;
  }
  notes.push({
    file: access.url,
    reason: `lists more than ${MAX_PAGES * PAGE} models: the rest was not looked at`,
  });
  return report(findings, notes);
}

const report = (findings: ReadonlyMap<string, Finding>, notes: Note[]): Report => ({
  findings: [...findings.values()],
  notes,
  files: 0,
});

function add(findings: Map<string, Finding>, { name, latest_versions }: Registered, url: string): void {
  if (typeof name !== "string" || name === "") return;
  const versions = Array.isArray(latest_versions)
    ? latest_versions.map(
        ({ version, current_stage }) =>
          `${version}${current_stage && current_stage !== "None" ? ` (${current_stage})` : ""}`,
      )
    : [];
  const snippet = versions.length > 0 ? `versions ${versions.slice(0, 5).join(", ")}` : undefined;
  findings.set(name, {
    kind: "Model",
    name,
    provider: "mlflow",
    confidence: "high",
    evidence: [{ file: url, detector: "mlflow-registry", ...(snippet === undefined ? {} : { snippet }) }],
  });
}

async function readPage(
  { url, fetch, authorization, signal }: MlflowAccess,
  token: string | undefined,
): Promise<{ models: Registered[]; next?: string }> {
  const address = new URL(`${url.replace(/\/+$/, "")}/api/2.0/mlflow/registered-models/search`);
  address.searchParams.set("max_results", String(PAGE));
  if (token !== undefined) address.searchParams.set("page_token", token);
  const answer = await fetch(address, {
    headers: { accept: "application/json", ...(authorization === undefined ? {} : { authorization }) },
    redirect: "error",
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    throw new CountersignError("server-unreachable", `${url} cannot be reached`, {
      cause,
      detail: { remedy: "check the address (MLflow's, or a repository's that ends in .git)" },
    });
  });
  if (answer.status === 401 || answer.status === 403)
    throw new CountersignError("unauthorised", `${url} wants to know who asks (${answer.status})`, {
      detail: { remedy: "export MLFLOW_TRACKING_TOKEN=..." },
    });
  const body = parse(await limited(answer, url));
  if (!answer.ok || body === undefined)
    throw new CountersignError(
      "server-unreachable",
      `${url} does not answer as an MLflow server does (${answer.status})`,
      { detail: { remedy: "name an MLflow server's address, or a repository's that ends in .git" } },
    );
  const { registered_models: models, next_page_token: next } = body;
  return {
    models: Array.isArray(models)
      ? (models as Registered[]).filter((one) => typeof one === "object" && one !== null)
      : [],
    ...(typeof next === "string" ? { next } : {}),
  };
}

async function limited(answer: Response, url: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += (part as Uint8Array).length;
    if (size > MAX_ANSWER)
      throw new CountersignError("server-unreachable", `${url} answers with more than ${MAX_ANSWER} bytes`);
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

import type { Document } from "@countersign/inventory";
import { cleanUri, tagMap } from "../clean.js";
import { cut, documentOf, type Labels, references } from "../document.js";
import { type Loose, optional, records, text } from "../value.js";
import { type FoundRun, ownTags } from "./run.js";

const VERSIONS_SHOWN = 16;
const ALIASES_SHOWN = 12;

/**
 * A registered model. Its aliases and stages are kept as information alone: what may run in production is decided at
 * the gate, and another system's word for it is no decision.
 */
export function modelDocument(
  source: string,
  model: Loose,
  newestFirst: readonly Loose[],
  run: FoundRun | undefined,
): Document {
  const newest = newestFirst[0] ?? {};
  const inputs = run?.inputs.map(({ name }) => name) ?? [];
  return documentOf("Model", source, {
    name: text(model.name) ?? "",
    description: text(model.description),
    labels: {
      "mlflow/versions": String(newestFirst.length),
      "mlflow/latest": text(newest.version),
      ...aliasLabels(model, newestFirst),
      ...versionLabels(newestFirst),
      ...ownTags(tagMap(records(model.tags), "key", "value")),
    },
    spec: {
      ...optional("source", cleanUri(newest.source)),
      ...(inputs.length === 0 ? {} : { datasets: references(inputs) }),
    },
  });
}

function aliasLabels(model: Loose, versions: readonly Loose[]): Labels {
  const aliases = records(model.aliases).flatMap(({ alias, version }) => {
    const [name, number] = [text(alias), text(version)];
    return name === undefined || number === undefined ? [] : [[`mlflow/alias.${name}`, number] as const];
  });
  // Newest first, so that the newest version of a stage stays.
  const stages = [...versions].reverse().flatMap(({ current_stage, version }) => {
    const stage = text(current_stage);
    return stage === undefined || stage === "None" ? [] : [[`mlflow/stage.${stage}`, text(version)] as const];
  });
  return Object.fromEntries([...aliases.slice(0, ALIASES_SHOWN), ...stages]);
}

function versionLabels(newestFirst: readonly Loose[]): Labels {
  const entries = newestFirst.slice(0, VERSIONS_SHOWN).map((version) => {
    const run = text(version.run_id);
    const parts = [text(version.status), run && `run ${run}`, cleanUri(version.source)];
    return [`mlflow/version.${text(version.version)}`, parts.filter(Boolean).join(" · ")] as const;
  });
  return Object.fromEntries(entries);
}

export function promptDocument(source: string, prompt: Loose, versions: readonly Loose[]): Document {
  const newest = [...versions].sort((a, b) => Number(b.version) - Number(a.version))[0] ?? {};
  const template = tagMap(records(newest.tags), "key", "value")["mlflow.prompt.text"];
  const variables = [
    ...new Set([...(template ?? "").matchAll(/\{\{\s*([\w.-]{1,64})\s*\}\}/g)].map(([, name]) => name ?? "")),
  ];
  return documentOf("Prompt", source, {
    name: text(prompt.name) ?? "",
    description: text(prompt.description),
    labels: {
      "mlflow/versions": String(versions.length),
      "mlflow/latest": text(newest.version),
      ...aliasLabels(prompt, []),
      ...ownTags(tagMap(records(prompt.tags), "key", "value")),
    },
    spec: {
      ...(template === undefined ? {} : { template: cut(template, 65_536) }),
      ...(variables.length === 0 ? {} : { variables: variables.slice(0, 256) }),
    },
  });
}

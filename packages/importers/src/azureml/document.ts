import type { Document } from "@countersign/inventory";
import { cleanUri, looksSecret } from "../clean.js";
import { cut, documentOf, type Labels, references, tagLabels } from "../document.js";
import { type Loose, optional, record, text } from "../value.js";
import type { AzureJob } from "./job.js";
import { assetOf } from "./reference.js";

const VERSIONS_SHOWN = 16;

/** A registered model. Its stage is kept as information: what may run where is decided at the gate. */
export function modelDocument(
  source: string,
  model: Loose,
  newestFirst: readonly Loose[],
  job: AzureJob | undefined,
): Document {
  const own = record(model.properties);
  const newest = record(newestFirst[0]?.properties);
  const flavours = Object.keys(record(newest.flavors)).filter((flavour) => flavour !== "python_function");
  const framework = flavours[0] ?? text(newest.modelType);
  return documentOf("Model", source, {
    name: text(model.name) ?? "",
    description: text(own.description) ?? text(newest.description),
    labels: {
      "azureml/id": text(model.id),
      "azureml/versions": String(newestFirst.length),
      "azureml/latest": text(newestFirst[0]?.name) ?? text(own.latestVersion),
      "azureml/type": text(newest.modelType),
      "azureml/stage": text(newest.stage),
      ...versionLabels(newestFirst, "modelUri"),
      ...tagLabels("azureml/tag", shown({ ...record(own.tags), ...record(newest.tags) })),
    },
    spec: {
      ...optional("source", cleanUri(newest.modelUri)),
      ...optional("framework", framework === undefined ? undefined : cut(framework, 128)),
      ...optional("lifecycle", own.isArchived === true ? ("retired" as const) : undefined),
      ...(job === undefined || job.inputs.length === 0
        ? {}
        : { datasets: references(job.inputs.map(({ name }) => name)) }),
    },
  });
}

export function dataDocument(source: string, data: Loose, newestFirst: readonly Loose[]): Document {
  const own = record(data.properties);
  const newest = record(newestFirst[0]?.properties);
  return documentOf("Dataset", source, {
    name: text(data.name) ?? "",
    description: text(own.description) ?? text(newest.description),
    labels: {
      "azureml/id": text(data.id),
      "azureml/versions": String(newestFirst.length),
      "azureml/latest": text(newestFirst[0]?.name) ?? text(own.latestVersion),
      ...versionLabels(newestFirst, "dataUri"),
      ...tagLabels("azureml/tag", shown({ ...record(own.tags), ...record(newest.tags) })),
    },
    spec: {
      ...optional("source", cleanUri(newest.dataUri)),
      ...optional("format", text(own.dataType) ?? text(newest.dataType)),
      ...optional("lifecycle", own.isArchived === true ? ("retired" as const) : undefined),
    },
  });
}

export function endpointDocument(source: string, endpoint: Loose, deployments: readonly Loose[]): Document {
  const own = record(endpoint.properties);
  const models = deployments.flatMap((deployment) => {
    const model = assetOf(text(record(deployment.properties).model) ?? "", "models");
    return model === undefined ? [] : [model.name];
  });
  const region = text(endpoint.location)?.replace(/\s+/g, "").toLowerCase();
  const traffic = Object.entries(record(own.traffic)).map(
    ([name, share]) => `${name} ${text(share) ?? "?"}%`,
  );
  return documentOf("Endpoint", source, {
    name: text(endpoint.name) ?? "",
    description: text(own.description),
    labels: {
      "azureml/id": text(endpoint.id),
      "azureml/state": text(own.provisioningState),
      "azureml/traffic": traffic.join(", ") || undefined,
      ...tagLabels("azureml/tag", shown(record(endpoint.tags))),
    },
    spec: {
      url: cleanUri(own.scoringUri) ?? `azureml:${text(endpoint.id) ?? "unknown"}`,
      // Azure has no environments, and what is not known to be less is production.
      environment: "production",
      ...optional(
        "region",
        region !== undefined && /^[a-z][a-z0-9-]{0,31}$/.test(region) ? region : undefined,
      ),
      ...(models.length === 0 ? {} : { models: references(models) }),
    },
  });
}

function shown(tags: Loose): Record<string, string | undefined> {
  const kept = Object.entries(tags).filter(([key]) => !looksSecret(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, text(value)]));
}

function versionLabels(newestFirst: readonly Loose[], uri: "modelUri" | "dataUri"): Labels {
  const entries = newestFirst.slice(0, VERSIONS_SHOWN).map((version) => {
    const own = record(version.properties);
    const job = text(own.jobName);
    const parts = [text(own.stage), job && `job ${job}`, cleanUri(own[uri])];
    return [`azureml/version.${text(version.name)}`, parts.filter(Boolean).join(" · ")] as const;
  });
  return Object.fromEntries(entries);
}

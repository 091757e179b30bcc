import type { Document } from "@countersign/inventory";
import { cleanUri, looksSecret } from "../clean.js";
import { cut, documentOf, type Labels, references, tagLabels } from "../document.js";
import { type Loose, optional, record, records, text } from "../value.js";
import type { TrainingJob } from "./training.js";

const VERSIONS_SHOWN = 16;

interface Group {
  /** Newest first. */
  versions: readonly Loose[];
  /** The newest ones, with what DescribeModelPackage adds. */
  described: readonly Loose[];
  tags: Record<string, string>;
  /** What trained the newest version. */
  newest: TrainingJob | undefined;
}

/** A model package group. Its approval states are kept as information: an approval here is signed by somebody. */
export function groupDocument(source: string, group: Loose, found: Group): Document {
  const [newest = {}] = found.described;
  const container = record(records(record(newest.InferenceSpecification).Containers)[0]);
  const inputs = found.newest?.inputs.map(({ name }) => name) ?? [];
  return documentOf("Model", source, {
    name: text(group.ModelPackageGroupName) ?? "",
    description: text(group.ModelPackageGroupDescription) ?? text(newest.ModelPackageDescription),
    labels: {
      "sagemaker/versions": String(found.versions.length),
      "sagemaker/latest": text(newest.ModelPackageVersion),
      "sagemaker/arn": text(group.ModelPackageGroupArn),
      "sagemaker/domain": text(newest.Domain),
      "sagemaker/image": text(container.Image),
      "sagemaker/commit": text(record(newest.MetadataProperties).CommitId),
      "sagemaker/repository": cleanUri(record(newest.MetadataProperties).Repository),
      ...versionLabels(found.described),
      ...tagLabels("sagemaker/tag", found.tags, 12),
      ...tagLabels("sagemaker/metadata", metadata(newest), 12),
    },
    spec: {
      ...optional("task", shorter(text(newest.Task), 128)),
      ...optional("framework", frameworkOf(container)),
      ...optional("source", modelData(container) ?? cleanUri(newest.SourceUri)),
      ...(inputs.length === 0 ? {} : { datasets: references(inputs) }),
    },
  });
}

function metadata(version: Loose): Record<string, string | undefined> {
  const entries = Object.entries(record(version.CustomerMetadataProperties));
  return Object.fromEntries(
    entries.filter(([key]) => !looksSecret(key)).map(([key, value]) => [key, text(value)]),
  );
}

function frameworkOf(container: Loose): string | undefined {
  const name = text(container.Framework);
  if (name === undefined) return undefined;
  return cut([name.toLowerCase(), text(container.FrameworkVersion)].filter(Boolean).join(" "), 128);
}

function modelData(container: Loose): string | undefined {
  return (
    cleanUri(container.ModelDataUrl) ?? cleanUri(record(record(container.ModelDataSource).S3DataSource).S3Uri)
  );
}

function versionLabels(described: readonly Loose[]): Labels {
  const entries = described.slice(0, VERSIONS_SHOWN).map((version) => {
    const container = record(records(record(version.InferenceSpecification).Containers)[0]);
    const parts = [text(version.ModelPackageStatus), text(version.ModelApprovalStatus), modelData(container)];
    return [
      `sagemaker/version.${text(version.ModelPackageVersion) ?? "1"}`,
      parts.filter(Boolean).join(" · "),
    ] as const;
  });
  return Object.fromEntries(entries);
}

const shorter = (value: string | undefined, length: number): string | undefined =>
  value === undefined ? undefined : cut(value, length);

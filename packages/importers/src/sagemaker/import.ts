import { tagMap } from "../clean.js";
import { SourceRefusal } from "../http.js";
import { batch, type Imported, type Remote } from "../imported.js";
import { allItems, resumable } from "../paging.js";
import { type Loose, records, text } from "../value.js";
import { isAccessDenied, type SageMakerAccess, type SageMakerClient, sageMakerClient } from "./client.js";
import { importEndpoints } from "./endpoints.js";
import { groupDocument } from "./group.js";
import { jobNameOf, type TrainingJob, trainingDocuments, trainingJob } from "./training.js";

export interface SageMakerOptions {
  /** One model package group only. */
  name?: string;
  /** A page of the list of groups, from an import that stopped. */
  cursor?: string;
}

/** How many of the newest versions of a group are asked about one by one. */
const DESCRIBED = 20;
const MAX_VERSIONS = 10_000;

/** Model package groups with versions, tags, training jobs and the data that they read, and what serves them. */
export async function* importSageMaker(
  remote: Remote,
  access: SageMakerAccess,
  options: SageMakerOptions = {},
): AsyncGenerator<Imported> {
  const job = new SageMakerImport(remote, access);
  if (options.name !== undefined) {
    yield job.group(
      await job.client.call("DescribeModelPackageGroup", { ModelPackageGroupName: options.name }),
    );
    return;
  }
  const list = (token?: string) =>
    job.client.page("ListModelPackageGroups", {}, "ModelPackageGroupSummaryList", token);
  for await (const { item, resume } of resumable("model package groups", list, options.cursor)) {
    yield { ...(await job.group(item)), ...resume };
  }
  yield* importEndpoints(job.client, job.source, access.region, job.groupOfArn, job.tolerant);
}

/** Tells one region's jobs and data from another's. */
const sourceName = ({ region, endpoint }: SageMakerAccess): string =>
  endpoint === undefined ? `sagemaker://${region}` : `sagemaker://${endpoint.host}`;

class SageMakerImport {
  readonly client: SageMakerClient;
  readonly source: string;
  readonly #remote: Remote;
  readonly #jobs = new Map<string, TrainingJob | undefined>();
  readonly #groups = new Map<string, string>();
  /** What this caller may not use is said once. */
  readonly #refused = new Set<string>();

  constructor(remote: Remote, access: SageMakerAccess) {
    this.client = sageMakerClient(remote, access);
    this.source = sourceName(access);
    this.#remote = remote;
  }

  readonly groupOfArn = (arn: string): string | undefined => this.#groups.get(arn);

  /** The answer, or undefined with a note where the caller may not ask or the thing is gone. */
  readonly tolerant = async (
    found: Imported,
    operation: string,
    input: object,
  ): Promise<Loose | undefined> => {
    try {
      return await this.client.call(operation, input);
    } catch (cause) {
      if (!(cause instanceof SourceRefusal)) throw cause;
      const denied = isAccessDenied(cause.named);
      if (!denied && cause.named !== "ValidationException" && cause.named !== "ResourceNotFound") throw cause;
      const note = denied
        ? `these credentials may not use ${operation}; what it would tell is missing (allow sagemaker:${operation})`
        : `${operation} of ${Object.values(input).join(" ")}: ${cause.message}`;
      if (!denied || !this.#refused.has(operation)) found.notes.push(note);
      if (denied) this.#refused.add(operation);
      return undefined;
    }
  };

  async group(group: Loose): Promise<Imported> {
    const name = text(group.ModelPackageGroupName);
    if (name === undefined)
      return batch({ notes: ["an entry of the list of groups has no name; it is left out"] });
    const found = batch({});
    const versions = await this.#versions(name);
    const arn = text(group.ModelPackageGroupArn);
    const tags = arn === undefined ? {} : await this.#tags(found, arn);
    const described: Loose[] = [];
    for (const version of versions.slice(0, DESCRIBED)) described.push(await this.#describe(found, version));
    if (versions.length > DESCRIBED)
      found.notes.push(`${name}: only the ${DESCRIBED} newest of ${versions.length} versions are described`);
    for (const version of versions) {
      const package_ = text(version.ModelPackageArn);
      if (package_ !== undefined) this.#groups.set(package_, name);
    }
    const jobs = await this.#trainingJobs(found, described);
    found.documents.push(
      groupDocument(this.source, group, { versions, described, tags, newest: jobs.get(described[0]) }),
    );
    for (const job of new Set(jobs.values()))
      trainingDocuments(this.#remote.workspace, this.source, job, name, found);
    return found;
  }

  async #versions(group: string): Promise<Loose[]> {
    const input = { ModelPackageGroupName: group, SortBy: "CreationTime", SortOrder: "Descending" };
    const list = (token?: string) =>
      this.client.page("ListModelPackages", input, "ModelPackageSummaryList", token);
    return allItems(`versions of ${group}`, list, MAX_VERSIONS);
  }

  async #describe(found: Imported, version: Loose): Promise<Loose> {
    const arn = text(version.ModelPackageArn);
    const told =
      arn === undefined
        ? undefined
        : await this.tolerant(found, "DescribeModelPackage", { ModelPackageName: arn });
    return { ...version, ...told };
  }

  async #tags(found: Imported, arn: string): Promise<Record<string, string>> {
    const answer = await this.tolerant(found, "ListTags", { ResourceArn: arn });
    return tagMap(records(answer?.Tags), "Key", "Value");
  }

  async #trainingJobs(
    found: Imported,
    described: readonly Loose[],
  ): Promise<Map<Loose | undefined, TrainingJob>> {
    const jobs = new Map<Loose | undefined, TrainingJob>();
    for (const version of described) {
      const name = jobNameOf(version);
      if (name === undefined) continue;
      if (!this.#jobs.has(name)) {
        const answer = await this.tolerant(found, "DescribeTrainingJob", { TrainingJobName: name });
        this.#jobs.set(name, answer === undefined ? undefined : trainingJob(answer));
      }
      const job = this.#jobs.get(name);
      if (job !== undefined) jobs.set(version, job);
    }
    return jobs;
  }
}

import type { Document } from "@countersign/inventory";
import { documentOf, references } from "../document.js";
import { SourceRefusal } from "../http.js";
import { batch, type Imported } from "../imported.js";
import { pages } from "../paging.js";
import { type Loose, optional, record, records, text } from "../value.js";
import { isAccessDenied, type SageMakerClient } from "./client.js";

type Tolerant = (found: Imported, operation: string, input: object) => Promise<Loose | undefined>;

/** Endpoints that serve a model package: what of the registry is in use, and where. */
export async function* importEndpoints(
  client: SageMakerClient,
  source: string,
  region: string,
  groupOf: (arn: string) => string | undefined,
  tolerant: Tolerant,
): AsyncGenerator<Imported> {
  try {
    const list = (token?: string) => client.page("ListEndpoints", {}, "Endpoints", token);
    for await (const page of pages("endpoints", list)) {
      const found = batch({});
      for (const endpoint of page.items) {
        const document = await endpointDocument(endpoint, source, region, groupOf, (operation, input) =>
          tolerant(found, operation, input),
        );
        if (document !== undefined) found.documents.push(document);
      }
      yield found;
    }
  } catch (cause) {
    if (!(cause instanceof SourceRefusal) || !isAccessDenied(cause.named)) throw cause;
    yield batch({
      notes: [
        "these credentials may not list endpoints; what serves is missing (allow sagemaker:ListEndpoints)",
      ],
    });
  }
}

async function endpointDocument(
  endpoint: Loose,
  source: string,
  region: string,
  groupOf: (arn: string) => string | undefined,
  ask: (operation: string, input: object) => Promise<Loose | undefined>,
): Promise<Document | undefined> {
  const name = text(endpoint.EndpointName);
  if (name === undefined) return undefined;
  const { EndpointConfigName } = record(await ask("DescribeEndpoint", { EndpointName: name }));
  if (text(EndpointConfigName) === undefined) return undefined;
  const config = record(await ask("DescribeEndpointConfig", { EndpointConfigName }));
  const models: string[] = [];
  for (const variant of records(config.ProductionVariants)) {
    if (text(variant.ModelName) === undefined) continue;
    const model = record(await ask("DescribeModel", { ModelName: variant.ModelName }));
    for (const container of [record(model.PrimaryContainer), ...records(model.Containers)]) {
      const group = groupOf(text(container.ModelPackageName) ?? "");
      if (group !== undefined) models.push(group);
    }
  }
  return documentOf("Endpoint", source, {
    name,
    labels: {
      "sagemaker/status": text(endpoint.EndpointStatus),
      "sagemaker/arn": text(endpoint.EndpointArn),
    },
    spec: {
      url: `https://runtime.sagemaker.${region}.amazonaws.com/endpoints/${encodeURIComponent(name)}/invocations`,
      // SageMaker has no environments, and what is not known to be less is production.
      environment: "production",
      ...optional("region", /^[A-Za-z][A-Za-z0-9-]{0,31}$/.test(region) ? region : undefined),
      ...(models.length === 0 ? {} : { models: references(models) }),
    },
  });
}

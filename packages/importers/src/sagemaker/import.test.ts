import { createHash, createHmac } from "node:crypto";
import { checkDocument } from "@countersign/inventory";
import { parseLineageEvent } from "@countersign/lineage";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Asked, all, type LocalServer, remote, serve } from "../../test/server.js";
import { importSageMaker } from "./import.js";

const ARN = "arn:aws:sagemaker:eu-central-1:111122223333";
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const access = (endpoint: URL) => ({
  region: "eu-central-1",
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: SECRET,
  sessionToken: "session/token==",
  endpoint,
});

const operation = ({ headers }: Asked): string => String(headers["x-amz-target"]).replace("SageMaker.", "");

const groups = [
  {
    ModelPackageGroupName: "credit-risk",
    ModelPackageGroupArn: `${ARN}:model-package-group/credit-risk`,
    ModelPackageGroupDescription: "scores",
    CreationTime: 1.7e9,
    ModelPackageGroupStatus: "Completed",
  },
  {
    ModelPackageGroupName: "churn",
    ModelPackageGroupArn: `${ARN}:model-package-group/churn`,
    CreationTime: 1.7e9,
    ModelPackageGroupStatus: "Completed",
  },
];

const version = (number: number): object => ({
  ModelPackageGroupName: "credit-risk",
  ModelPackageVersion: number,
  ModelPackageArn: `${ARN}:model-package/credit-risk/${number}`,
  CreationTime: 1.7e9 + number,
  ModelPackageStatus: "Completed",
  ModelApprovalStatus: number === 1 ? "Approved" : "PendingManualApproval",
});

const described = (arn: string): object => ({
  ...version(Number(arn.split("/").at(-1))),
  CreatedBy: { UserProfileName: "jane-doe", IamIdentity: { Arn: "arn:aws:iam::111122223333:user/jane" } },
  Task: "CLASSIFICATION",
  Domain: "MACHINE_LEARNING",
  InferenceSpecification: {
    Containers: [
      {
        Image: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/xgb:1",
        ModelDataUrl: "s3://models/credit/model.tar.gz",
        Framework: "XGBOOST",
        FrameworkVersion: "1.7",
      },
    ],
  },
  MetadataProperties: {
    CommitId: "abc123",
    Repository: "https://git.example/credit",
    GeneratedBy: `${ARN}:training-job/credit-2026-05`,
  },
  CustomerMetadataProperties: { team: "risk", apiKey: "left-here" },
});

const ANSWERS: Record<string, (input: Record<string, string>) => unknown> = {
  ListModelPackageGroups: ({ NextToken }) =>
    NextToken === undefined
      ? { ModelPackageGroupSummaryList: groups.slice(0, 1), NextToken: "two" }
      : { ModelPackageGroupSummaryList: groups.slice(1) },
  ListModelPackages: ({ ModelPackageGroupName }) => ({
    ModelPackageSummaryList: ModelPackageGroupName === "credit-risk" ? [version(2), version(1)] : [],
  }),
  DescribeModelPackage: ({ ModelPackageName }) => described(ModelPackageName ?? ""),
  ListTags: () => ({
    Tags: [
      { Key: "cost-centre", Value: "42" },
      { Key: "db-password", Value: "hunter2" },
    ],
  }),
  DescribeTrainingJob: ({ TrainingJobName }) => ({
    TrainingJobName,
    TrainingJobStatus: "Completed",
    TrainingEndTime: 1_777_000_000.123,
    AlgorithmSpecification: { TrainingImage: "image" },
    HyperParameters: { eta: "0.1" },
    InputDataConfig: [
      {
        ChannelName: "train",
        DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://data/credit/train/" } },
      },
      {
        ChannelName: "shared",
        DataSource: { FileSystemDataSource: { FileSystemId: "fs-0123", DirectoryPath: "/x" } },
      },
    ],
  }),
  ListEndpoints: () => ({
    Endpoints: [
      {
        EndpointName: "credit-prod",
        EndpointArn: `${ARN}:endpoint/credit-prod`,
        EndpointStatus: "InService",
      },
    ],
  }),
  DescribeEndpoint: () => ({ EndpointConfigName: "credit-config" }),
  DescribeEndpointConfig: () => ({ ProductionVariants: [{ VariantName: "a", ModelName: "credit-model" }] }),
  DescribeModel: () => ({ PrimaryContainer: { ModelPackageName: `${ARN}:model-package/credit-risk/1` } }),
};

const answer = (asked: Asked): Answer => ({
  headers: { "content-type": "application/x-amz-json-1.1" },
  json: ANSWERS[operation(asked)]?.(JSON.parse(asked.body)) ?? { __type: "UnknownOperationException" },
});

/** Signature version 4, worked out again from the specification. */
function signatureOf({ method, url, headers, body }: Asked, secret: string): string {
  const authorization = String(headers.authorization);
  const [, day = "", region = "", service = ""] =
    /Credential=\w+\/(\d+)\/([\w-]+)\/(\w+)\/aws4_request/.exec(authorization) ?? [];
  const names = /SignedHeaders=([\w;-]+)/.exec(authorization)?.[1] ?? "";
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  const canonical = [
    method,
    url.pathname,
    url.search.slice(1),
    ...names.split(";").map((name) => `${name}:${headers[name]}`),
    "",
    names,
    hash(body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hash(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer | string>(
    (previous, part) => createHmac("sha256", previous).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac("sha256", key).update(toSign).digest("hex");
}

describe("import from SageMaker", () => {
  let server: LocalServer;
  afterEach(() => server.close());

  it("takes groups, versions, training jobs, their data and endpoints over", async () => {
    server = await serve(answer);
    const found = await all(importSageMaker(remote(), access(server.url)));
    for (const document of found.documents) checkDocument(document);
    expect(found.documents.map(({ kind, metadata }) => `${kind}:${metadata.name}`)).toEqual([
      "Model:credit-risk",
      "Dataset:data/credit/train",
      "Dataset:fs-0123/x",
      "Run:credit-2026-05",
      "Model:churn",
      "Endpoint:credit-prod",
    ]);
    const [model, dataset, , run, , endpoint] = found.documents;
    expect(model?.spec).toEqual({
      task: "CLASSIFICATION",
      framework: "xgboost 1.7",
      source: "s3://models/credit/model.tar.gz",
      datasets: ["data/credit/train", "fs-0123/x"],
    });
    expect(model?.metadata.labels).toMatchObject({
      "sagemaker/versions": "2",
      "sagemaker/version.1": "Completed · Approved · s3://models/credit/model.tar.gz",
      "sagemaker/tag/cost-centre": "42",
      "sagemaker/metadata/team": "risk",
    });
    expect(dataset?.spec).toEqual({ source: "s3://data/credit/train/" });
    expect(run?.spec).toMatchObject({
      produces: ["credit-risk"],
      datasets: ["data/credit/train", "fs-0123/x"],
    });
    expect(endpoint?.spec).toEqual({
      url: "https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/credit-prod/invocations",
      environment: "production",
      region: "eu-central-1",
      models: ["credit-risk"],
    });
    expect(found.lineage.map((event) => parseLineageEvent(event))).toMatchObject([
      { state: "COMPLETE", time: 1_777_000_000_123, outputs: [{ name: "credit-risk" }] },
    ]);
    const said = JSON.stringify(found);
    for (const secret of ["jane", "hunter2", "left-here", SECRET]) expect(said).not.toContain(secret);
    expect(found.cursor).toBe("two");
  });

  it("signs every request with Signature Version 4, fresh for each attempt", async () => {
    let now = Date.UTC(2026, 4, 1);
    server = await serve((asked, count) =>
      count === 1
        ? { status: 400, json: { __type: "ThrottlingException", message: "Rate exceeded" } }
        : answer(asked),
    );
    const test = remote(() => (now += 60_000));
    await all(importSageMaker(test, access(server.url), { name: "churn" }));
    expect(test.waits).toEqual([500]);
    const dates = server.asked.map(({ headers }) => headers["x-amz-date"]);
    expect(new Set(dates).size).toBe(dates.length);
    for (const asked of server.asked) {
      expect(asked.headers).toMatchObject({
        "content-type": "application/x-amz-json-1.1",
        "x-amz-security-token": "session/token==",
      });
      expect(String(asked.headers.authorization)).toContain(`Signature=${signatureOf(asked, SECRET)}`);
      expect(String(asked.headers.authorization)).toContain("SignedHeaders=");
    }
  });

  it.each([
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "com.amazon.coral.service#InvalidSignatureException",
  ])("says that %s is a matter of credentials, and asks once", async (type) => {
    server = await serve(() => ({
      status: 400,
      json: { __type: type, message: "The security token included in the request is expired" },
    }));
    await expect(all(importSageMaker(remote(), access(server.url)))).rejects.toMatchObject({
      code: "unauthorised",
      detail: { remedy: expect.stringContaining("AWS_SESSION_TOKEN") },
    });
    expect(server.asked).toHaveLength(1);
  });

  it("imports what it may read and says what is missing", async () => {
    const denied = new Set(["DescribeTrainingJob", "ListTags", "ListEndpoints"]);
    server = await serve((asked) =>
      denied.has(operation(asked))
        ? { status: 400, json: { __type: "AccessDeniedException", Message: "not authorized" } }
        : answer(asked),
    );
    const { documents, notes } = await all(importSageMaker(remote(), access(server.url)));
    expect(documents.map(({ kind }) => kind)).toEqual(["Model", "Model"]);
    expect(notes).toEqual([
      expect.stringContaining("may not use ListTags"),
      expect.stringContaining("may not use DescribeTrainingJob"),
      expect.stringContaining("may not list endpoints"),
    ]);
  });

  it("gives up when throttled without an end", async () => {
    server = await serve(() => ({
      status: 400,
      json: { __type: "ThrottlingException", message: "Rate exceeded" },
    }));
    await expect(all(importSageMaker(remote(), access(server.url)))).rejects.toMatchObject({
      code: "rate-limited",
    });
  });

  it("survives answers of another shape", async () => {
    server = await serve(() => ({
      json: {
        ModelPackageGroupSummaryList: [{}, 3, { ModelPackageGroupName: "g", ModelPackageGroupArn: "a" }],
        ModelPackageSummaryList: [{}, { ModelPackageArn: "x" }],
        Tags: [null, { Key: 3 }],
        Endpoints: [{ EndpointName: "e" }],
        EndpointConfigName: "c",
        ProductionVariants: [{ ModelName: "m" }],
        MetadataProperties: 7,
        InferenceSpecification: { Containers: "none" },
      },
    }));
    const { documents } = await all(importSageMaker(remote(), access(server.url)));
    for (const document of documents) checkDocument(document);
    expect(documents).toHaveLength(2);
  });
});

import { checkDocument } from "@countersign/inventory";
import { parseLineageEvent } from "@countersign/lineage";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Asked, all, type LocalServer, remote, serve } from "../../test/server.js";
import { azureResource } from "./client.js";
import { importAzure } from "./import.js";
import { assetOf } from "./reference.js";

const ROOT =
  "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg/providers/Microsoft.MachineLearningServices";
const REGISTRY = `${ROOT}/registries/shared`;
const WORKSPACE = `${ROOT}/workspaces/team`;

const systemData = { createdAt: "2026-05-01T12:00:00.000Z", createdBy: "Jane Doe", createdByType: "User" };
const model = (name: string) => ({
  id: `${WORKSPACE}/models/${name}`,
  name,
  type: "x",
  properties: { description: "scores", tags: { team: "risk" }, isArchived: false, latestVersion: "10" },
  systemData,
});
const version = (name: string) => ({
  id: "string",
  name,
  properties: {
    modelType: "mlflow_model",
    modelUri: `https://acct.blob.core.windows.net/m/${name}?sv=1&sig=SECRET`,
    flavors: { python_function: { data: {} }, sklearn: { data: {} } },
    jobName: name === "10" ? "job10" : "gone",
    stage: "Production",
    tags: { "client-secret": "x" },
  },
  systemData,
});

function workspace(asked: Asked, base: string): Answer {
  const path = asked.url.pathname.slice(WORKSPACE.length);
  const second = asked.url.searchParams.get("$skip") !== null;
  const next = `${base}${asked.url.pathname}?api-version=2024-10-01&$skip=page2`;
  switch (path) {
    case "/models":
      return { json: second ? { value: [model("churn")] } : { value: [model("credit")], nextLink: next } };
    case "/models/credit/versions":
      return { json: second ? { value: [version("10")] } : { value: [version("9")], nextLink: next } };
    case "/jobs/job10":
      return {
        json: {
          name: "job10",
          properties: {
            jobType: "Command",
            displayName: "gentle_fox",
            experimentName: "credit",
            status: "Completed",
            inputs: {
              train: { jobInputType: "uri_folder", uri: "azureml:applications:3" },
              extra: { jobInputType: "uri_file", uri: "azureml://datastores/blob/paths/extra.csv" },
              epochs: { jobInputType: "literal", value: "3" },
            },
            properties: { "azureml.git.commit": "abc" },
          },
          systemData,
        },
      };
    case "/data":
      return {
        json: {
          value: [{ name: "applications", properties: { dataType: "uri_folder", latestVersion: "3" } }],
        },
      };
    case "/data/applications/versions":
      return {
        json: {
          value: [
            {
              name: "3",
              properties: { dataType: "uri_folder", dataUri: "azureml://datastores/blob/paths/apps/" },
            },
          ],
        },
      };
    case "/onlineEndpoints":
      return {
        json: {
          value: [
            {
              name: "score",
              location: "West Europe",
              id: `${WORKSPACE}/onlineEndpoints/score`,
              properties: {
                scoringUri: "https://score.westeurope.inference.ml.azure.com/score",
                traffic: { blue: 100 },
                provisioningState: "Succeeded",
              },
            },
          ],
        },
      };
    case "/onlineEndpoints/score/deployments":
      return {
        json: { value: [{ name: "blue", properties: { model: `${WORKSPACE}/models/credit/versions/10` } }] },
      };
    default:
      return path.endsWith("/versions")
        ? { json: { value: [] } }
        : { status: 404, json: { error: { code: "ResourceNotFound", message: path } } };
  }
}

describe("import from Azure ML", () => {
  let server: LocalServer;
  afterEach(() => server.close());
  const access = (resource: string) => ({ endpoint: server.url, resource, token: "eyJ0eXAi.secret" });

  it("takes models, versions, jobs, data and endpoints over, page by page", async () => {
    server = await serve((asked) => workspace(asked, server.url.origin));
    const found = await all(importAzure(remote(), access(WORKSPACE)));
    for (const document of found.documents) checkDocument(document);
    expect(found.documents.map(({ kind, metadata }) => `${kind}:${metadata.name}`)).toEqual([
      "Model:credit",
      "Dataset:datastores/blob/paths/extra.csv",
      "Run:job10",
      "Model:churn",
      "Dataset:applications",
      "Endpoint:score",
    ]);
    const [credit, , run, , data, endpoint] = found.documents;
    expect(credit?.spec).toEqual({
      source: "https://acct.blob.core.windows.net/m/10",
      framework: "sklearn",
      datasets: ["applications", "datastores/blob/paths/extra.csv"],
    });
    expect(credit?.metadata.labels).toMatchObject({
      "azureml/latest": "10",
      "azureml/versions": "2",
      "azureml/tag/team": "risk",
    });
    expect(run?.spec).toMatchObject({ experiment: "credit", commit: "abc", produces: ["credit"] });
    expect(data?.spec).toEqual({ source: "azureml://datastores/blob/paths/apps/", format: "uri_folder" });
    expect(endpoint?.spec).toMatchObject({
      environment: "production",
      region: "westeurope",
      models: ["credit"],
    });
    expect(parseLineageEvent(found.lineage[0])).toMatchObject({
      state: "COMPLETE",
      inputs: [{ name: "applications" }, {}],
    });
    expect(found.notes).toEqual(["job gone cannot be read (ResourceNotFound); what it read is not known"]);
    const said = JSON.stringify(found);
    for (const secret of ["Jane", "SECRET", "client-secret", "eyJ0eXAi"]) expect(said).not.toContain(secret);
    expect(server.asked.every(({ url }) => url.searchParams.get("api-version") === "2024-10-01")).toBe(true);
  });

  it("never sends the token to where an answer points", async () => {
    server = await serve(() => ({ json: { value: [], nextLink: "https://evil.example/models?x=1" } }));
    const refused = all(importAzure(remote(), access(REGISTRY)));
    await expect(refused).rejects.toThrow(/evil\.example.*the token is not sent there/);
  });

  it("says that a token has expired, and how to get one", async () => {
    server = await serve(() => ({
      status: 401,
      json: {
        error: {
          code: "ExpiredAuthenticationToken",
          message: "The access token expiry UTC time '...' is earlier",
        },
      },
    }));
    await expect(all(importAzure(remote(), access(REGISTRY)))).rejects.toMatchObject({
      code: "unauthorised",
      detail: { remedy: expect.stringContaining("az account get-access-token") },
    });
    expect(server.asked).toHaveLength(1);
  });

  it("waits as long as Retry-After says, in seconds or as a date", async () => {
    server = await serve((_asked, count) => {
      if (count === 1)
        return {
          status: 429,
          headers: { "retry-after": "17" },
          json: { error: { code: "TooManyRequests", message: "" } },
        };
      if (count === 2)
        return { status: 429, headers: { "retry-after": "Fri, 01 May 2026 00:00:05 GMT" }, json: "" };
      return { json: { value: [] } };
    });
    const test = remote();
    await all(importAzure(test, access(REGISTRY)));
    expect(test.waits).toEqual([17_000, 5_000]);
  });

  it("knows resource ids", () => {
    expect(azureResource(`${REGISTRY}/`)).toBe(REGISTRY);
    for (const wrong of [
      "",
      "shared",
      `${ROOT}/registries/../x`,
      `https://x${REGISTRY}`,
      `${REGISTRY}/models`,
    ])
      expect(() => azureResource(wrong)).toThrow("no resource id");
  });

  it("reads the ways of naming an asset", () => {
    expect(assetOf("azureml:credit:3", "models")).toEqual({ name: "credit", version: "3" });
    expect(assetOf("azureml:credit@latest", "models")).toEqual({ name: "credit", version: "latest" });
    expect(assetOf("azureml://registries/r/models/credit/versions/3", "models")).toEqual({
      name: "credit",
      version: "3",
    });
    expect(assetOf("azureml://locations/eu/workspaces/w/data/apps/versions/1", "data")).toEqual({
      name: "apps",
      version: "1",
    });
    expect(assetOf(`${WORKSPACE}/models/credit/versions/10`, "models")).toEqual({
      name: "credit",
      version: "10",
    });
    expect(assetOf("azureml://datastores/blob/paths/data/x", "data")).toBeUndefined();
    expect(assetOf("https://x/data/y", "data")).toBeUndefined();
  });
});

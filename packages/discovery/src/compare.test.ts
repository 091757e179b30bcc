import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseDocuments } from "@countersign/inventory";
import { expect, it } from "vitest";
import { type Compared, compare, discoverMlflow, type Finding, toSarif } from "./index.js";

const finding = (kind: Finding["kind"], name: string): Finding => ({
  kind,
  name,
  provider: "x",
  confidence: "high",
  evidence: [{ file: "a b/c.py", line: 3, snippet: "x", detector: "call" }],
});

const document = (kind: string, name: string, spec: string): string =>
  `apiVersion: countersign.dev/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec: ${spec}\n`;

const INVENTORY = parseDocuments(
  [
    document("Model", "gpt-4o", "{}"),
    document("Model", "llama3.1-8b", "{}"),
    document("Model", "churn", "{}"),
    document("Model", "triage", '{ source: "hf://acme/triage-bert" }'),
    document("Model", "gone", "{}"),
    document("Model", "retired", "{ lifecycle: retired }"),
    document("Image", "vllm", "{ reference: vllm/vllm-openai }"),
    document("Endpoint", "azure-eu", "{ url: https://acme.openai.azure.com/, environment: production }"),
    document("Vendor", "mistral", "{}"),
  ].join("---\n"),
);

it("tells declared, shadow and missing apart", () => {
  const { findings, missing } = compare(
    [
      finding("Model", "openai/gpt-4o"),
      finding("Model", "llama3.1:8b"),
      finding("Model", "models/churn.joblib"),
      finding("Model", "acme/triage-bert"),
      finding("Model", "mallory/triage-bert"),
      finding("Image", "vllm/vllm-openai:v0.6.1"),
      finding("Endpoint", "https://acme.openai.azure.com"),
      finding("Service", "mistral"),
      finding("Service", "openai"),
    ],
    INVENTORY,
  );
  const said = (one: Compared): string =>
    `${one.name} ${one.status === "shadow" ? "shadow" : one.declaredBy}`;
  expect(findings.map(said)).toEqual([
    "openai/gpt-4o Model:gpt-4o",
    "llama3.1:8b Model:llama3.1-8b",
    "models/churn.joblib Model:churn",
    "acme/triage-bert Model:triage",
    "mallory/triage-bert shadow",
    "vllm/vllm-openai:v0.6.1 Image:vllm",
    "https://acme.openai.azure.com Endpoint:azure-eu",
    "mistral Vendor:mistral",
    "openai shadow",
  ]);
  expect(missing).toEqual([{ kind: "Model", name: "gone" }]);
});

it("writes SARIF with what is shadow or missing", () => {
  const compared = compare([finding("Model", "gpt-4o"), finding("Model", "other")], INVENTORY);
  const { runs } = toSarif(compared, [{ file: "x", reason: "y" }]) as {
    runs: { results: { ruleId: string; locations?: object[] }[] }[];
  };
  expect(runs[0]?.results.filter(({ ruleId }) => ruleId === "shadow-asset")).toHaveLength(1);
  expect(JSON.stringify(runs)).toContain("a%20b/c.py");
  expect(runs[0]?.results.filter(({ ruleId }) => ruleId === "missing-asset").length).toBeGreaterThan(3);
});

it("lists an MLflow server's registry page by page, and says when it is none", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    const next = new URL(request.url ?? "", "http://x").searchParams.get("page_token");
    if (!request.url?.startsWith("/api/2.0/mlflow/registered-models/search"))
      response.writeHead(404).end("<html>");
    else if (next === null)
      response.end(
        JSON.stringify({
          registered_models: [
            { name: "fraud", latest_versions: [{ version: "3", current_stage: "Production" }] },
            7,
          ],
          next_page_token: "2",
        }),
      );
    else response.end(JSON.stringify({ registered_models: [{ name: "churn" }] }));
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { findings } = await discoverMlflow({ url: `${url}/`, fetch, authorization: "Bearer t" });
    expect(findings.map(({ name }) => name)).toEqual(["fraud", "churn"]);
    expect(findings[0]?.evidence[0]?.snippet).toBe("versions 3 (Production)");
    expect(asked).toEqual(["Bearer t", "Bearer t"]);
    await expect(discoverMlflow({ url: `${url}/elsewhere`, fetch })).rejects.toMatchObject({
      code: "server-unreachable",
    });
  } finally {
    server.close();
  }
  await expect(discoverMlflow({ url, fetch })).rejects.toMatchObject({ code: "server-unreachable" });
});

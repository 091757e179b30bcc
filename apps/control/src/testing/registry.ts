import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { makeStatement, omsStatementOf, signOmsStatement } from "@countersign/evidence";
import { assetKey, PREDICATE_TYPES } from "@countersign/facts";
import { type MlflowAnswer, type MlflowCaller, mlflowCaller } from "./mlflow.js";
import { cleanFile, type TestServer } from "./server.js";

/** What the registry's tests do again and again, as a client would. */
export interface Lab extends MlflowCaller {
  get2(path: string, input: object): Promise<MlflowAnswer>;
  remove(path: string, input: object): Promise<MlflowAnswer>;
  patch(path: string, input: object): Promise<MlflowAnswer>;
  /** A logged model with these files; its id. */
  log(files?: Record<string, Uint8Array | string>, run?: string): Promise<string>;
  /** Registers and answers the version as it is once its bytes are read, which may be after the server's answer. */
  register(name: string, source: string, more?: object): Promise<MlflowAnswer>;
  model(name: string, more?: object): Promise<MlflowAnswer>;
  setAlias(name: string, alias: string, version?: string): Promise<MlflowAnswer>;
  byAlias(name: string, alias: string): Promise<MlflowAnswer>;
  stage(name: string, stage: string, version?: string, archive?: boolean): Promise<MlflowAnswer>;
}

const AT = "/mlflow/registered-models";
const VERSIONS = "/mlflow/model-versions";

export function lab(server: TestServer, token: string = server.token, root?: string): Lab {
  const caller = mlflowCaller(server.url, token, root);
  const { call, put } = caller;
  return {
    ...caller,
    get2: (path, input) => call(path, input, "GET"),
    remove: (path, input) => call(path, input, "DELETE"),
    patch: (path, input) => call(path, input, "PATCH"),
    log: async (files = { "model.safetensors": cleanFile() }, run = "") => {
      const made = await call("/mlflow/logged-models", { experiment_id: "0", name: "m", source_run_id: run });
      const id: string = made.body.model.info.model_id;
      for (const [path, bytes] of Object.entries(files)) await put(`0/models/${id}/artifacts/${path}`, bytes);
      await call(`/mlflow/logged-models/${id}`, { status: "LOGGED_MODEL_READY" }, "PATCH");
      return id;
    },
    model: (name, more = {}) => call(`${AT}/create`, { name, ...more }),
    register: async (name, source, more = {}) => {
      const { status, body } = await call(`${VERSIONS}/create`, { name, source, ...more });
      const version: string | undefined = body.model_version?.version;
      while (body.model_version?.status === "PENDING_REGISTRATION") {
        await sleep(50);
        Object.assign(body, (await call(`${VERSIONS}/get`, { name, version }, "GET")).body);
      }
      return { status, body };
    },
    setAlias: (name, alias, version = "1") => call(`${AT}/alias`, { name, alias, version }),
    byAlias: (name, alias) => call(`${AT}/alias`, { name, alias }, "GET"),
    stage: (name, stage, version = "1", archive = false) =>
      call(`${VERSIONS}/transition-stage`, { name, version, stage, archive_existing_versions: archive }),
  };
}

/** The digest of a registered version. */
export function artifactOf(answer: MlflowAnswer): string {
  const tags: { key: string; value: string }[] = answer.body.model_version.tags;
  return tags.find(({ key }) => key === "countersign.artifact")?.value ?? "";
}

/** Signs, declares and approves, as the people do whom a refusal names. */
export async function clear(server: TestServer, artifact: string, environment = "production"): Promise<void> {
  const { workspace } = server.control;
  const author = await workspace.keyring.signer("author");
  const { manifest } = await workspace.version(artifact);
  if (!manifest) throw new Error(`no manifest of ${artifact}`);
  await workspace.submitSignature(await signOmsStatement(omsStatementOf(manifest, "m"), author), artifact);
  await workspace.declare({
    subject: artifact,
    licence: "MIT",
    origin: "https://example.com",
    signer: workspace.service,
  });
  await approve(server, artifact, environment);
}

export async function approve(server: TestServer, artifact: string, environment = "production") {
  const { workspace } = server.control;
  const signer = await workspace.keyring.signer("approver");
  return workspace.approve({ subject: artifact, environment, signer });
}

let count = 0;

/** Bytes that nobody has registered yet. */
export function newFile(): Uint8Array {
  count += 1;
  const header = JSON.stringify({
    w: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    __metadata__: { n: `${count}` },
  });
  const text = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8, " "));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, Buffer.alloc(8)]);
}

/** What the inventory says of a model's aliases from now on. */
export async function document(server: TestServer, name: string, aliases: Record<string, string>) {
  const { workspace } = server.control;
  const value = { apiVersion: "countersign.dev/v1", kind: "Model", metadata: { name }, spec: { aliases } };
  const subject = { name, digest: { sha256: assetKey(workspace.id, name).slice(7) } };
  const predicate = { kind: "Model", name, document: value, principal: "operator", nonce: randomUUID() };
  await workspace.state([makeStatement([subject], PREDICATE_TYPES.asset, predicate)]);
}

/** Contains an artifact; answers how to lift that. */
export async function containedBy(server: TestServer, artifact: string): Promise<() => Promise<unknown>> {
  const { workspace } = server.control;
  const subject = { digest: { sha256: artifact.slice(7) } };
  const predicate = { reason: "poisoned", principal: "operator", nonce: randomUUID() };
  const [entry] = await workspace.state([makeStatement([subject], PREDICATE_TYPES.containment, predicate)]);
  if (!entry) throw new Error("nothing was stated");
  const signer = await workspace.keyring.signer("approver");
  return () => workspace.revoke({ envelope: entry.envelope, reason: "mistake", signer });
}

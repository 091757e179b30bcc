import { setTimeout as wait } from "node:timers/promises";
import { CountersignError } from "@countersign/evidence";
import {
  azureResource,
  importAzure,
  importMlflow,
  importSageMaker,
  type Remote,
} from "@countersign/importers";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import { type ImportOptions, runImport } from "./import.js";

// Secrets are read here and nowhere else: they go into a request's head, never into a result, a note or an error.

interface MlflowOptions extends ImportOptions {
  allRuns?: boolean;
}

export async function importFromMlflow(
  session: Session,
  options: MlflowOptions,
  given: string,
): Promise<number> {
  const { url, authorization } = mlflowAccess(session, given);
  const { name, allRuns, cursor } = options;
  return runImport(session, options, `mlflow ${url.origin}${url.pathname.replace(/\/$/, "")}`, (workspace) =>
    importMlflow(
      remote(session, workspace),
      { url, ...(authorization === undefined ? {} : { authorization }) },
      { ...chosen(name, cursor), ...(allRuns === true ? { allRuns } : {}) },
    ),
  );
}

/** MLflow's own variables, as its clients read them; an address may carry user and password too. */
function mlflowAccess({ io, output }: Session, given: string): { url: URL; authorization?: string } {
  const url = address(given, "http://127.0.0.1:5000");
  const { MLFLOW_TRACKING_TOKEN: token } = io.env;
  const user = decodeURIComponent(url.username) || io.env.MLFLOW_TRACKING_USERNAME;
  const password = decodeURIComponent(url.password) || io.env.MLFLOW_TRACKING_PASSWORD;
  url.username = "";
  url.password = "";
  const basic = user === undefined ? undefined : Buffer.from(`${user}:${password ?? ""}`).toString("base64");
  const authorization = basic !== undefined ? `Basic ${basic}` : token ? `Bearer ${token}` : undefined;
  if (authorization === undefined) return { url };
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    output.warn(
      safe`countersign: ${url.hostname} is reached without encryption: others on the way can read the token`,
    );
  }
  return { url, authorization };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

interface EndpointOptions extends ImportOptions {
  endpoint?: string;
  apiVersion?: string;
}

export async function importFromSageMaker(
  session: Session,
  options: EndpointOptions,
  region: string,
): Promise<number> {
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region))
    throw new CountersignError("usage", `${region} is no AWS region`, {
      detail: { remedy: "countersign import sagemaker eu-central-1" },
    });
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = session.io.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw missing(
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      'eval "$(aws configure export-credentials --format env)"',
    );
  const access = {
    region,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    ...(options.endpoint === undefined
      ? {}
      : { endpoint: address(options.endpoint, "https://api.sagemaker.eu-central-1.amazonaws.com") }),
  };
  return runImport(session, options, `sagemaker ${region}`, (workspace) =>
    importSageMaker(remote(session, workspace), access, chosen(options.name, options.cursor)),
  );
}

export async function importFromAzure(
  session: Session,
  options: EndpointOptions,
  given: string,
): Promise<number> {
  const resource = azureResource(given);
  const token = session.io.env.AZURE_ACCESS_TOKEN;
  if (!token)
    throw missing(
      "AZURE_ACCESS_TOKEN",
      "export AZURE_ACCESS_TOKEN=$(az account get-access-token --query accessToken -o tsv)",
    );
  const access = {
    endpoint: address(options.endpoint ?? "https://management.azure.com", "https://management.azure.com"),
    resource,
    token,
    ...(options.apiVersion === undefined ? {} : { apiVersion: options.apiVersion }),
  };
  const name = resource.slice(resource.lastIndexOf("/") + 1);
  return runImport(session, options, `azureml ${name}`, (workspace) =>
    importAzure(remote(session, workspace), access, chosen(options.name, options.cursor)),
  );
}

function missing(variables: string, remedy: string): CountersignError {
  return new CountersignError("unauthorised", `${variables} must be set in the environment`, {
    detail: { remedy },
  });
}

function address(text: string, example: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new CountersignError("usage", "this is no address that begins with http:// or https://", {
    detail: { remedy: example },
  });
}

function chosen(name: string | undefined, cursor: string | undefined): { name?: string; cursor?: string } {
  return { ...(name === undefined ? {} : { name }), ...(cursor === undefined ? {} : { cursor }) };
}

function remote({ io, output }: Session, workspace: string): Remote {
  return {
    fetch,
    workspace,
    clock: io.clock,
    signal: io.signal,
    sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal === undefined ? {} : { signal }),
    onWait: (why, milliseconds) =>
      output.note(safe`countersign: ${why}; waiting ${Math.ceil(milliseconds / 1000)} s`),
  };
}

import { CountersignError } from "@countersign/evidence";
import { ask, type Source } from "../http.js";
import type { Remote } from "../imported.js";
import type { SourcePage } from "../paging.js";
import { type Loose, record, records, text } from "../value.js";

export interface AzureAccess {
  /** `https://management.azure.com`, or a sovereign cloud's. */
  endpoint: URL;
  /** `/subscriptions/../resourceGroups/../providers/Microsoft.MachineLearningServices/registries|workspaces/NAME`. */
  resource: string;
  /** Without `Bearer`. */
  token: string;
  apiVersion?: string;
}

/** The read side of the Azure Machine Learning REST API of Azure Resource Manager. */
export interface AzureClient {
  get(path: string): Promise<Loose>;
  page(path: string, next?: string): Promise<SourcePage<Loose>>;
}

const API_VERSION = "2024-10-01";
const RESOURCE =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.MachineLearningServices\/(registries|workspaces)\/[A-Za-z0-9][A-Za-z0-9_-]{1,32}$/i;

/** Returns `text` as a registry's or workspace's resource id, or says how one looks. */
export function azureResource(given: string): string {
  const resource = given.replace(/\/$/, "");
  if (RESOURCE.test(resource)) return resource;
  throw new CountersignError("usage", "this is no resource id of an Azure ML registry or workspace", {
    detail: {
      remedy:
        "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.MachineLearningServices/registries/NAME   (az ml registry show --query id)",
    },
  });
}

export const isWorkspace = (resource: string): boolean => /\/workspaces\/[^/]+$/i.test(resource);

export function azureClient(remote: Remote, access: AzureAccess): AzureClient {
  const headers = { accept: "application/json", authorization: `Bearer ${access.token}` };
  const version = access.apiVersion ?? API_VERSION;
  const get = async (url: URL): Promise<Loose> => record(await ask(remote, SOURCE, { url, headers }));
  const address = (path: string): URL => {
    const url = new URL(`${access.resource}/${path}`, access.endpoint);
    url.searchParams.set("api-version", version);
    return url;
  };
  return {
    get: (path) => get(address(path)),
    page: async (path, next) => {
      const answer = await get(next === undefined ? address(path) : nextPage(access.endpoint, next));
      return { items: records(answer.value), next: text(answer.nextLink) };
    },
  };
}

/** The next page lies at the same host: an answer must not be able to send the token elsewhere. */
function nextPage(endpoint: URL, link: string): URL {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url?.origin === endpoint.origin && url.username === "" && url.password === "") return url;
  throw new CountersignError(
    "bad-request",
    `Azure names a next page at ${url?.origin ?? "no address"}, not at ${endpoint.origin}; the token is not sent there`,
    { detail: { remedy: "give the endpoint of your cloud: --endpoint https://management.azure.com" } },
  );
}

const UNKNOWN_CALLER =
  /^(ExpiredAuthenticationToken|InvalidAuthenticationToken\w*|AuthenticationFailed|InvalidAuthenticationInfo)$/;

const SOURCE: Source = {
  label: "Azure Machine Learning",
  authRemedy:
    "export AZURE_ACCESS_TOKEN=$(az account get-access-token --query accessToken -o tsv)   (it lasts about an hour)",
  fault: (status, body) => {
    const error = record(record(body).error);
    const code = text(error.code) ?? `HTTP ${status}`;
    return {
      code,
      message: text(error.message) ?? "",
      throttled: code === "TooManyRequests" || code === "SubscriptionRequestsThrottled",
      auth: UNKNOWN_CALLER.test(code),
      forbidden: code === "AuthorizationFailed",
    };
  },
};

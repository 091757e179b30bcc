import type { FindingKind } from "../finding.js";

/** One library, and how it is told what to call or load. */
export interface Library {
  /** Who serves or made it; a function where the path tells. */
  readonly provider: string | ((path: string) => string);
  /** How paths of this library begin. */
  readonly heads: readonly string[];
  /** Names under which any of its calls may be given a model. */
  readonly named?: readonly string[];
  /** Calls that say it in another way. `call` is matched against the path without its head. */
  readonly calls?: readonly Call[];
  /** Calls that use a model even where none is named: the service itself is then the finding. */
  readonly uses?: RegExp;
  /** What a finding is when no model is named. */
  readonly nameless?: FindingKind;
}

export interface Call {
  readonly call: RegExp;
  readonly at?: number;
  readonly named?: readonly string[];
  readonly kind?: FindingKind;
  /** The name where the call itself says it. */
  readonly fixed?: (path: string) => string | undefined;
  /** What stands before the value that is given. */
  readonly prefix?: string;
  /** A model of one's own, on disk: its name is a path. */
  readonly file?: boolean;
  /** Speaks of a model that another finding must confirm. */
  readonly weak?: boolean;
  /** Holds only if this argument says so. */
  readonly when?: { readonly named: readonly string[]; readonly at?: number; readonly not: RegExp };
}

export const MODEL: readonly string[] = [
  "model",
  "model_name",
  "modelName",
  "model_id",
  "modelId",
  "Model",
  "ModelId",
  "ModelName",
  "deployment_name",
  "deploymentName",
  "azure_deployment",
  "azureDeployment",
  "azureOpenAIApiDeploymentName",
  "azureOpenAIApiEmbeddingsDeploymentName",
  "deployment_id",
  "deploymentId",
  "deployment",
  "engine",
  "modelID",
  "model_type",
  "modelType",
  "chat_model",
  "completion_model",
  "embedding_model",
  "completion_model_name",
  "embedding_model_name",
];

/** The last word of a path: often the name of what is loaded. */
export function lastWord(path: string): string | undefined {
  return path.split(".").at(-1);
}

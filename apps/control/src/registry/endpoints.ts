import type { Endpoint } from "../mlflow/mount.js";
import { aliasEndpoints } from "./endpoints/aliases.js";
import { modelEndpoints } from "./endpoints/models.js";
import { searchEndpoints } from "./endpoints/search.js";
import { versionEndpoints } from "./endpoints/versions.js";
import { loggedEndpoints } from "./logged/endpoints.js";

/** What MLflow clients ask of the registry. */
export const registryEndpoints: readonly Endpoint[] = [
  ...loggedEndpoints,
  ...modelEndpoints,
  ...versionEndpoints,
  ...aliasEndpoints,
  ...searchEndpoints,
];

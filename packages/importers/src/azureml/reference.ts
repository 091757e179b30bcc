export interface AzureAsset {
  name: string;
  version: string | undefined;
}

/**
 * What a reference such as `azureml:credit:3`, `azureml://registries/r/models/credit/versions/3` or a resource id
 * names, where it names a registered asset of that kind; undefined for a mere location.
 */
export function assetOf(reference: string, kind: "models" | "data"): AzureAsset | undefined {
  const long = new RegExp(`(?:^|/)${kind}/([^/:]+)(?:/versions/([^/:]+)|/labels/[^/]+)/?$`).exec(reference);
  if (long?.[1] !== undefined && /^(azureml:|\/subscriptions\/)/.test(reference)) {
    return { name: long[1], version: long[2] };
  }
  const short = /^azureml:([^/:@]+)(?:[:@]([^/:@]+))?$/.exec(reference);
  return short?.[1] === undefined ? undefined : { name: short[1], version: short[2] };
}

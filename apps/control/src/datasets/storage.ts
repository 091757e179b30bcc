import { S3 } from "@countersign/datasets";
import type { Config } from "../config/config.js";

/** The configured storage; undefined without one. Requests name buckets and keys in it, never another host. */
export function storageOf(config: Config, clock: () => number): S3 | undefined {
  const { s3Endpoint: endpoint, s3Region: region, s3AccessKeyId: accessKeyId } = config;
  if (endpoint === "") return undefined;
  return new S3({ endpoint, region, accessKeyId, secretAccessKey: config.s3SecretAccessKey, fetch, clock });
}

import { S3 } from "@countersign/datasets";
import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";

/** Files of `s3://bucket/key` or below `s3://bucket/prefix`; `AWS_ENDPOINT_URL` names another storage. */
export async function listS3(
  address: string,
  { env, fetch: send, clock, signal }: Surroundings,
): Promise<RemoteFile[]> {
  const [, bucket, key = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/(.*))?$/.exec(address) ?? [];
  if (bucket === undefined)
    throw new CountersignError("usage", "Write it as s3://bucket/key or s3://bucket/prefix.");
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1";
  const [accessKeyId, secretAccessKey] = [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CountersignError("usage", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first.");
  }
  const storage = new S3({
    endpoint: env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`,
    region,
    accessKeyId,
    secretAccessKey,
    ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    fetch: send,
    clock,
  });
  const objects = await storage.list(bucket, key, signal);
  return Promise.all(
    objects.map(async ({ name, key: each, etag, size }) => ({
      path: name,
      url: await storage.presign(bucket, each),
      headers: {},
      size,
      etag,
      ranges: true,
    })),
  );
}

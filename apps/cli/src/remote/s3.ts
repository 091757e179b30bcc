import { S3 } from "@countersign/datasets";
import { CountersignError } from "@countersign/evidence";
import type { RemoteFile, Surroundings } from "./remote.js";

const ADVICE =
  "check the AWS_ variables and what they may read, or set AWS_NO_SIGN_REQUEST=YES for a public bucket";

/** Files of `s3://bucket/key` or below `s3://bucket/prefix`; `AWS_ENDPOINT_URL` names another storage. */
export async function listS3(
  address: string,
  { env, fetch: send, clock, signal }: Surroundings,
): Promise<RemoteFile[]> {
  const [, bucket, key = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/(.*))?$/.exec(address) ?? [];
  if (bucket === undefined)
    throw new CountersignError("usage", "Write it as s3://bucket/key or s3://bucket/prefix.");
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1";
  const storage = new S3({
    endpoint: env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`,
    region,
    ...keysOf(env),
    fetch: send,
    clock,
  });
  const objects = await storage.list(bucket, key, signal).catch((cause) => {
    if (!(cause instanceof CountersignError) || cause.code !== "forbidden") throw cause;
    throw new CountersignError("unauthorised", `The storage does not let us list s3://${bucket}/${key}.`, {
      cause,
      detail: { remedy: ADVICE },
    });
  });
  return Promise.all(
    objects.map(async ({ name, key: each, etag, size }) => ({
      path: name,
      url: await storage.presign(bucket, each),
      headers: {},
      size,
      etag,
      ranges: true,
      advice: ADVICE,
    })),
  );
}

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** Without keys nothing is signed, and only because somebody said so: a forgotten variable should not look like a public bucket. */
function keysOf(env: Surroundings["env"]): Keys | Record<string, never> {
  if (/^(?:yes|true|1)$/i.test(env.AWS_NO_SIGN_REQUEST ?? "")) return {};
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CountersignError(
      "usage",
      "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY first, or AWS_NO_SIGN_REQUEST=YES for a public bucket.",
    );
  }
  return {
    accessKeyId,
    secretAccessKey,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
}

import { AwsV4Signer } from "aws4fetch";
import { ask, type Call, type Source } from "../http.js";
import type { Remote } from "../imported.js";
import type { SourcePage } from "../paging.js";
import { type Loose, record, records, text } from "../value.js";

export interface SageMakerAccess {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Another address than the region's own, such as a VPC endpoint. */
  endpoint?: URL;
}

/** The read side of the SageMaker API: AWS JSON 1.1 over POST, the operation in X-Amz-Target. */
export interface SageMakerClient {
  call(operation: string, input: object): Promise<Loose>;
  page(operation: string, input: object, member: string, token?: string): Promise<SourcePage<Loose>>;
}

const PER_PAGE = 100;

export function sageMakerClient(remote: Remote, access: SageMakerAccess): SageMakerClient {
  const url = access.endpoint ?? regionalEndpoint(access.region);
  const source = { ...SOURCE, prepare: (call: Call) => signed(call, access, remote.clock()) };
  const call = async (operation: string, input: object): Promise<Loose> =>
    record(
      await ask(remote, source, {
        url,
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": `SageMaker.${operation}`,
        },
        body: JSON.stringify(input),
      }),
    );
  return {
    call,
    page: async (operation, input, member, token) => {
      const next = token === undefined ? {} : { NextToken: token };
      const answer = await call(operation, { ...input, MaxResults: PER_PAGE, ...next });
      return { items: records(answer[member]), next: text(answer.NextToken) };
    },
  };
}

function regionalEndpoint(region: string): URL {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return new URL(`https://api.sagemaker.${region}.${suffix}/`);
}

async function signed(call: Call, access: SageMakerAccess, now: number): Promise<Call> {
  const { region, accessKeyId, secretAccessKey, sessionToken } = access;
  const signer = new AwsV4Signer({
    method: "POST",
    url: call.url.href,
    headers: call.headers ?? {},
    body: call.body ?? "",
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: "sagemaker",
    region,
    datetime: new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, ""),
  });
  const { headers } = await signer.sign();
  return { ...call, headers: Object.fromEntries(headers as unknown as Iterable<[string, string]>) };
}

const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/;
const UNKNOWN_CALLER =
  /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature\w*|MissingAuthenticationToken\w*|RequestExpired|InvalidToken\w*|OptInRequired)$/;
const FORBIDDEN = /^(AccessDenied|AccessDeniedException|NotAuthorized)$/;

/** Whether a refusal only says that this caller may not use one operation. */
export const isAccessDenied = (code: string): boolean => FORBIDDEN.test(code);

const SOURCE: Source = {
  label: "SageMaker",
  authRemedy:
    "export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_SESSION_TOKEN=...   (aws sts get-caller-identity tells whether they hold)",
  fault: (status, body) => {
    const { __type, code: other, message, Message } = record(body);
    // `__type` may come with its namespace before a #, and old front ends add an address after a colon.
    const code = (text(__type) ?? text(other) ?? `HTTP ${status}`).replace(/^.*#/, "").replace(/:.*$/, "");
    return {
      code,
      message: text(message) ?? text(Message) ?? "",
      throttled: THROTTLED.test(code),
      auth: UNKNOWN_CALLER.test(code),
      forbidden: FORBIDDEN.test(code),
    };
  },
};

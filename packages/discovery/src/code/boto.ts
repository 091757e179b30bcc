import type { Evaluator } from "./evaluate.js";
import { type Reference, textsOf, type Value } from "./value.js";

/** Clients that one library makes for many services: which service is said by an argument. */
const MAKERS = /^(boto3|aioboto3|aiobotocore)(\.\w+)*\.(client|resource|create_client)$/;
const SERVICES: Record<string, string> = {
  "bedrock-runtime": "bedrock-runtime",
  "bedrock-agent-runtime": "bedrock-runtime",
  "sagemaker-runtime": "sagemaker-runtime",
  "runtime.sagemaker": "sagemaker-runtime",
};

/** `boto3.client("bedrock-runtime")` becomes a path of its own, so that rules can speak of it. */
export function specialised(evaluator: Evaluator, value: Value): Value {
  if (value.is !== "reference" || !value.made || !value.known) return value;
  const at = value.path.findIndex((part) => /^(client|resource|create_client)$/.test(part));
  if (at < 0 || !MAKERS.test(value.path.slice(0, at + 1).join("."))) return value;
  const service = textsOf([
    ...evaluator.positional(value.made, 0),
    ...evaluator.named(value.made, ["service_name"], 0),
  ])[0]?.text;
  const known = SERVICES[service ?? ""];
  return known ? ({ ...value, path: [known, ...value.path.slice(at + 1)] } satisfies Reference) : value;
}

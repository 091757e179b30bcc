import { MLFLOW_DIGEST } from "@countersign/datasets";
import { CountersignError } from "@countersign/evidence";
import type { FastifyRequest } from "fastify";
import { checkName, checkTexts, readForm } from "../uploads/form.js";
import type { Staging } from "../uploads/staging.js";

export interface DatasetFields {
  name: string;
  licence?: string;
  origin?: string;
  mlflowDigests: string[];
  keep: boolean;
}

const NAMES = new Set(["name", "licence", "origin", "mlflowDigests", "keep"]);
const MAX_DIGESTS = 64;

/** Reads the form of a dataset: fields into the answer, files into the staging. */
export async function readDatasetForm(
  request: FastifyRequest,
  staging: Staging,
  limit: number,
): Promise<DatasetFields> {
  const fields = await readForm(request, staging, limit, NAMES);
  const { mlflowDigests = "", ...texts } = fields;
  const { name = "", licence, origin, keep = "true" } = texts;
  checkName(name);
  checkTexts(texts);
  if (keep !== "true" && keep !== "false")
    throw new CountersignError("bad-request", "the field keep is true or false");
  return {
    name,
    ...(licence === undefined ? {} : { licence }),
    ...(origin === undefined ? {} : { origin }),
    mlflowDigests: digestsIn(mlflowDigests),
    keep: keep === "true",
  };
}

function digestsIn(text: string): string[] {
  const digests = text.split(",").filter((part) => part !== "");
  if (digests.length <= MAX_DIGESTS && digests.every((digest) => MLFLOW_DIGEST.test(digest))) return digests;
  throw new CountersignError(
    "bad-request",
    `the field mlflowDigests has at most ${MAX_DIGESTS} digests as MLflow writes them, with commas between`,
  );
}

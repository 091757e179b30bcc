import { invalid } from "@countersign/tracking";

const MODEL = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,127}$/u;
const ALIAS = /^[A-Za-z0-9_-]{1,255}$/;
const NUMBER = /^[1-9]\d{0,8}$/;

/** A registered model is an asset of the inventory, and its name has to do there too. */
export function checkModelName(name: string): string {
  if (MODEL.test(name) && name === name.normalize("NFC")) return name;
  throw invalid(
    `Registered model name ${quoted(name)} cannot be used here: take letters, digits and . _ @ + - (at most 128), not starting with a sign.`,
  );
}

/** ASCII only: an alias that looks like another one stands for something else. */
export function checkAlias(alias: string): string {
  const reserved = alias.toLowerCase() === "latest" || /^v\d+$/i.test(alias);
  if (ALIAS.test(alias) && !reserved) return alias;
  throw invalid(
    `Alias ${quoted(alias)} cannot be used: take letters, digits, _ and -, but neither "latest" nor a version such as "v1".`,
  );
}

/** A version's number, or nothing where the text is none. */
export function parseVersion(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

const STAGES = ["None", "Staging", "Production", "Archived"] as const;
export type Stage = (typeof STAGES)[number];

/** In whatever case clients write it. */
export function parseStage(text: string): Stage {
  const stage = STAGES.find((known) => known.toLowerCase() === text.toLowerCase());
  if (stage !== undefined) return stage;
  throw invalid(`Invalid Model Version stage: ${quoted(text)}. It must be one of ${STAGES.join(", ")}.`);
}

const MAX_KEY = 250;
const MAX_VALUE = 100_000;
export const PROMPT_TAG = "mlflow.prompt.is_prompt";
export const OUR_TAGS = "countersign.";

/** Whether something is a prompt is settled when it is made: the tag also hides it from lists of models. */
export function checkTag(key: string, value: string): void {
  if (key === "" || key.length > MAX_KEY) throw invalid(`A tag's key has 1 to ${MAX_KEY} characters.`);
  if (value.length > MAX_VALUE)
    throw invalid(`The value of tag ${quoted(key)} is longer than ${MAX_VALUE} characters.`);
}

export function checkTagFree(key: string): void {
  if (key.startsWith(OUR_TAGS)) throw invalid(`Tags under ${OUR_TAGS} are written by the server alone.`);
  if (key === PROMPT_TAG) throw invalid(`${PROMPT_TAG} is settled when a model is created.`);
}

export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

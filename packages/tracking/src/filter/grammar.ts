import { invalid } from "../error.js";

export type Entity = "attribute" | "metric" | "parameter" | "tag" | "dataset";

/** What one search knows: which kinds of things, and which attributes of which type. */
export interface Grammar {
  entities: readonly Entity[];
  attributes: Readonly<Record<string, "text" | "number">>;
  /** Attributes that `IN` may compare. */
  lists: readonly string[];
  /** Other names of attributes. */
  aliases: Readonly<Record<string, string>>;
}

export interface Identifier {
  entity: Entity;
  key: string;
}

export const RUN_GRAMMAR: Grammar = {
  entities: ["attribute", "metric", "parameter", "tag", "dataset"],
  attributes: {
    run_id: "text",
    run_name: "text",
    user_id: "text",
    status: "text",
    artifact_uri: "text",
    start_time: "number",
    end_time: "number",
  },
  lists: ["run_id"],
  aliases: {
    created: "start_time",
    Created: "start_time",
    "run name": "run_name",
    "Run name": "run_name",
    "Run Name": "run_name",
  },
};

export const EXPERIMENT_GRAMMAR: Grammar = {
  entities: ["attribute", "tag"],
  attributes: { name: "text", experiment_id: "text", creation_time: "number", last_update_time: "number" },
  lists: ["experiment_id"],
  aliases: {},
};

const ENTITIES: Record<string, Entity> = {
  attribute: "attribute",
  attributes: "attribute",
  attr: "attribute",
  run: "attribute",
  metric: "metric",
  metrics: "metric",
  parameter: "parameter",
  parameters: "parameter",
  param: "parameter",
  params: "parameter",
  tag: "tag",
  tags: "tag",
  dataset: "dataset",
  datasets: "dataset",
};

const DATASET_KEYS = new Set(["name", "digest", "context"]);

/** `metrics.auc`, a tag in backticks, or the bare name of an attribute. */
export function identifierOf(name: string, grammar: Grammar): Identifier {
  const dot = name.startsWith("`") ? -1 : name.indexOf(".");
  const entity = dot < 0 ? "attribute" : entityOf(name.slice(0, dot), grammar);
  const key = stripped(name.slice(dot + 1));
  if (entity === "attribute") return { entity, key: attributeOf(key, grammar) };
  if (entity === "dataset" && !DATASET_KEYS.has(key)) {
    throw invalid(`Invalid dataset key '${key}' specified. Valid keys are name, digest and context.`);
  }
  return { entity, key };
}

function entityOf(word: string, grammar: Grammar): Entity {
  const entity = Object.hasOwn(ENTITIES, word) ? ENTITIES[word] : undefined;
  if (entity !== undefined && grammar.entities.includes(entity)) return entity;
  throw invalid(`Invalid entity type '${word}'. Valid values are ${grammar.entities.join(", ")}.`);
}

function attributeOf(given: string, { aliases, attributes }: Grammar): string {
  const key = Object.hasOwn(aliases, given) ? (aliases[given] ?? given) : given;
  if (Object.hasOwn(attributes, key)) return key;
  const known = Object.keys(attributes).join(", ");
  throw invalid(`Invalid attribute key '${given}' specified. Valid keys are ${known}.`);
}

function stripped(key: string): string {
  return /^(`.*`|".*")$/s.test(key) ? key.slice(1, -1) : key;
}

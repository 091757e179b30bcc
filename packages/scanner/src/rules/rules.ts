import { ARCHIVE_RULES, type ArchiveRuleId } from "./archive.js";
import { ARRAY_RULES, type ArrayRuleId } from "./arrays.js";
import { CONTENT_RULES, type ContentRuleId } from "./content.js";
import { GENERAL_RULES, type GeneralRuleId } from "./general.js";
import { GRAPH_RULES, type GraphRuleId } from "./graphs.js";
import { KERAS_RULES, type KerasRuleId } from "./keras.js";
import { OBJECT_RULES, type ObjectRuleId } from "./objects.js";
import { PICKLE_RULES, type PickleRuleId } from "./pickle.js";
import { REPOSITORY_RULES, type RepositoryRuleId } from "./repository.js";
import type { Rule } from "./rule.js";

/** The version of rules and allow lists together; it moves whenever a verdict may change. */
export const RULES_VERSION = "2026.11.21";

export type RuleId =
  | PickleRuleId
  | ArchiveRuleId
  | ArrayRuleId
  | GraphRuleId
  | KerasRuleId
  | ObjectRuleId
  | RepositoryRuleId
  | ContentRuleId
  | GeneralRuleId;

export const RULES: Readonly<Record<RuleId, Rule>> = {
  ...PICKLE_RULES,
  ...ARCHIVE_RULES,
  ...ARRAY_RULES,
  ...GRAPH_RULES,
  ...KERAS_RULES,
  ...OBJECT_RULES,
  ...REPOSITORY_RULES,
  ...CONTENT_RULES,
  ...GENERAL_RULES,
};

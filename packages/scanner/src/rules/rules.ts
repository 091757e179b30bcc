import { ARCHIVE_RULES, type ArchiveRuleId } from "./archive.js";
import { FORMAT_RULES, type FormatRuleId } from "./formats.js";
import { GENERAL_RULES, type GeneralRuleId } from "./general.js";
import { PICKLE_RULES, type PickleRuleId } from "./pickle.js";
import type { Rule } from "./rule.js";

/** The version of rules and allow lists together; it moves whenever a verdict may change. */
export const RULES_VERSION = "2026.11.21";

export type RuleId = PickleRuleId | ArchiveRuleId | FormatRuleId | GeneralRuleId;

export const RULES: Readonly<Record<RuleId, Rule>> = {
  ...PICKLE_RULES,
  ...ARCHIVE_RULES,
  ...FORMAT_RULES,
  ...GENERAL_RULES,
};

import type { Command } from "commander";
import { bind, type Shell } from "../session.js";
import { collect, wholeNumber, withExamples, withOutput, withPassphrase, withPlace } from "./shared.js";

export function addTrust(program: Command, shell: Shell): void {
  const trust = program.command("trust").summary("who may state what: the signed trust root");
  const show = trust.command("show").summary("the trust root in force");
  const verify = trust.command("verify").summary("check every version of the trust root, from the first on");
  const allow = trust
    .command("allow")
    .summary("let a principal's key make statements in a role")
    .argument("<principal>", "id of the person or machine")
    .requiredOption("--role <role>", "author, approver, scanner, ... (repeat for each)", collect)
    .requiredOption("--public-key <file>", "the principal's public key in PEM");
  const deny = trust
    .command("deny")
    .summary("take a principal's right to make statements from now on")
    .argument("<principal>", "id of the person or machine");
  const revoker = trust
    .command("revoker")
    .summary("let a principal revoke what others stated, too")
    .argument("<principal>", "id of the person or machine");
  const renew = trust
    .command("renew")
    .summary("let the trust root hold for longer")
    .option("--days <n>", "how long, from today", wholeNumber(1, 3660), 365);
  for (const verb of [allow, deny, revoker, renew]) {
    verb.option("--root-key <key>", "the root key: a name in the workspace or a file", "root");
    withPassphrase(verb);
  }
  for (const verb of [show, verify, allow, deny, revoker, renew]) {
    withPlace(verb);
    withOutput(verb);
  }
  withExamples(show, ["countersign trust show", "principals, roles, keys"]);
  withExamples(verify, ["countersign trust verify", "each version must be signed by the one before"]);
  withExamples(allow, [
    "countersign trust allow alice --role approver --public-key alice.pub",
    "alice may approve",
  ]);
  withExamples(deny, ["countersign trust deny alice", "what she signed before stands"]);
  withExamples(revoker, [
    "countersign trust revoker security",
    "their revocations then count for everyone's statements",
  ]);
  withExamples(renew, ["countersign trust renew --days 90", "an expired trust root denies everything"]);
  bind(shell, show, async () => (await import("../actions/trust.js")).showTrust);
  bind(shell, verify, async () => (await import("../actions/trust.js")).verifyTrust);
  bind(shell, allow, async () => (await import("../actions/trust.js")).allow);
  bind(shell, deny, async () => (await import("../actions/trust.js")).deny);
  bind(shell, revoker, async () => (await import("../actions/trust.js")).addRevoker);
  bind(shell, renew, async () => (await import("../actions/trust.js")).renew);
}

import { Command, type CommanderError } from "commander";
import type { Shell } from "./session.js";
import { wantsColour } from "./terminal/output.js";
import { neutralise } from "./terminal/safe.js";
import { addCompletion } from "./verbs/completion.js";
import { addDataset } from "./verbs/datasets.js";
import { addAdmit, addApprove, addDeclare, addGate, addPromote, addRevoke } from "./verbs/decide.js";
import { addDiscover } from "./verbs/discover.js";
import { addRules, addScan, addSign, addVerify } from "./verbs/files.js";
import { addImport } from "./verbs/importing.js";
import { addApply, addDelete, addDiff, addExport, addGet } from "./verbs/inventory.js";
import { addBackup, addRestore } from "./verbs/keep.js";
import { addKeys } from "./verbs/keys.js";
import { addContain, addDeployed, addGraph, addTrace } from "./verbs/lineage.js";
import { addLog } from "./verbs/log.js";
import { addPolicy } from "./verbs/policy.js";
import { addStatus, addUp } from "./verbs/run.js";
import { withExamples } from "./verbs/shared.js";
import { addTrust } from "./verbs/trust.js";

export const VERSION = "0.1.0";

const EXIT_CODES = `
Exit codes:
  0  allowed, clean, done
  1  denied, found, does not verify
  2  used wrongly, or something did not work
  3  an approval is still needed`;

/** The whole command line as commander sees it. Building it loads no action. */
export function createProgram(shell: Shell): Command {
  const program = new Command("countersign");
  settle(program, shell);
  program
    .description("Decides which AI models may run, where and on whose data, and can prove it.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .showSuggestionAfterError(true);
  for (const [title, verbs] of GROUPS) {
    program.commandsGroup(title);
    for (const add of verbs) add(program, shell);
  }
  program.helpCommand("help [command...]", "explain a command");
  withExamples(
    program,
    ["countersign up", "the control plane and the console on this machine"],
    ["countersign admit ./model --name credit-risk", "hash, scan, sign, record"],
    ["countersign promote credit-risk --to production", "a decision, with reasons and what would change it"],
  );
  program.addHelpText("after", EXIT_CODES);
  return program;
}

type Add = (program: Command, shell: Shell) => void;
const GROUPS: readonly [title: string, verbs: readonly Add[]][] = [
  ["Run:", [addUp, addStatus]],
  ["Decide:", [addAdmit, addDeclare, addGate, addApprove, addPromote, addRevoke, addPolicy]],
  [
    "Inventory:",
    [
      addApply,
      addDiff,
      addGet,
      addDelete,
      addExport,
      addImport,
      addDataset,
      addTrace,
      addGraph,
      addContain,
      addDeployed,
      addDiscover,
    ],
  ],
  ["Files alone:", [addScan, addRules, addSign, addVerify]],
  ["Prove:", [addLog]],
  ["Keys and trust:", [addKeys, addTrust]],
  ["Keep:", [addBackup, addRestore]],
  ["Shell:", [addCompletion]],
];

// Commander copies these settings to each verb as it is made, so they come first.
function settle(program: Command, shell: Shell): void {
  const { io } = shell;
  program.exitOverride();
  program.configureOutput({
    writeOut: (text) => void io.stdout.write(text),
    writeErr: (text) => void io.stderr.write(text),
    getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 110),
    getErrHelpWidth: () => Math.min(io.stderr.columns ?? 100, 110),
    getOutHasColors: () => wantsColour(io.stdout, io.env),
    getErrHasColors: () => wantsColour(io.stderr, io.env),
    outputError: (text, write) => write(usageError(text)),
  });
  program.configureHelp({
    styleTitle: (text) => `\u001b[1m${text}\u001b[22m`,
    sortSubcommands: false,
  });
}

// What was typed is quoted back, so it is neutralised like any other foreign text.
function usageError(text: string): string {
  const lines = text
    .replace(/^error: /, "countersign: ")
    .trimEnd()
    .split("\n");
  return `${lines.map(neutralise).join("\n")}\n`;
}

/** The exit code for what commander throws: help and version are answers, the rest is a usage error. */
export function commanderExit(error: CommanderError, shell: Shell, words: readonly string[]): number {
  if (error.exitCode === 0 || error.code === "commander.helpDisplayed") return 0;
  if (error.code === "commander.help") return 2;
  shell.io.stderr.write(`  fix: ${["countersign", ...words, "--help"].join(" ")}\n`);
  return 2;
}

import type { Command, Option } from "commander";
import { examples } from "./verbs/shared.js";

const HEAD = `# Command line

This page is written by the program itself; a test keeps the two in step (\`npx vitest run apps/cli -u\` writes it anew).

Results go to standard output, and \`--output json\` prints exactly one document there. Progress, remarks and refusals
go to standard error; progress appears only on a terminal. Colour appears only on a terminal, and never with \`NO_COLOR\`.

| exit code | meaning |
|---|---|
| 0 | allowed, clean, done |
| 1 | denied, found, does not verify |
| 2 | used wrongly, or something did not work |
| 3 | an approval is still needed |
| 130 | cancelled with Ctrl-C |

| variable | meaning |
|---|---|
| \`COUNTERSIGN_SERVER\` | control plane to work through; without it, commands work on a local directory |
| \`COUNTERSIGN_TOKEN\` | API token for that server |
| \`COUNTERSIGN_HOME\` | the local workspace directory (default \`.countersign\`) |
| \`COUNTERSIGN_DEBUG\` | print stack traces |
| \`NO_COLOR\` | never use colour |

A passphrase comes from \`--passphrase-file\` or is asked for; it is never taken from an argument or a variable.
`;

/** The whole reference page, from the program's own definitions. */
export function reference(program: Command): string {
  return `${HEAD}\n${leaves(program, "countersign").join("\n")}`;
}

function leaves(command: Command, path: string): string[] {
  if (command.commands.length === 0) return [section(command, path)];
  return command.commands.flatMap((verb) => leaves(verb, `${path} ${verb.name()}`));
}

function section(verb: Command, path: string): string {
  const parts = [`## ${path}`, verb.description() || `${capital(verb.summary())}.`];
  parts.push(`\`\`\`\n${`${path} ${verb.usage()}`.trim()}\n\`\`\``);
  const rows = [
    ...verb.registeredArguments.map((a) => row(a.name(), a.description, a.argChoices, undefined)),
    ...verb.options.filter((option) => !option.hidden).map(optionRow),
  ];
  if (rows.length > 0) parts.push(["| | |", "|---|---|", ...rows].join("\n"));
  const shown = examples(verb).map(({ command, says }) => `# ${says}\n${command}`);
  if (shown.length > 0) parts.push(`\`\`\`sh\n${shown.join("\n\n")}\n\`\`\``);
  return `${parts.join("\n\n")}\n`;
}

function optionRow(option: Option): string {
  const fallback =
    option.defaultValue === undefined || option.negate ? undefined : String(option.defaultValue);
  const needed = option.mandatory ? " (required)" : "";
  return row(option.flags, option.description + needed, option.argChoices, fallback);
}

function row(
  name: string,
  text: string,
  choices: readonly string[] | undefined,
  fallback: string | undefined,
): string {
  const one = choices ? `; one of ${choices.map((value) => `\`${value}\``).join(", ")}` : "";
  const otherwise = fallback === undefined ? "" : `; default \`${fallback}\``;
  return `| \`${name.replaceAll("|", "\\|")}\` | ${`${text}${one}${otherwise}`.replaceAll("|", "\\|")} |`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

import { type Command, CommanderError } from "commander";
import type { Io } from "./io.js";
import { commanderExit, createProgram } from "./program.js";
import type { Shell } from "./session.js";

/** Runs one command line and returns its exit code. Nothing here touches the process. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const shell: Shell = { io, exit: 0 };
  const program = createProgram(shell);
  const asked = args[0] === "help" ? helpFor(program, args.slice(1)) : args;
  const words = verbWords(program, asked);
  try {
    await program.parseAsync(asked, { from: "user" });
    return shell.exit;
  } catch (error) {
    if (error instanceof CommanderError) return commanderExit(error, shell, words);
    const { reportFault } = await import("./faults.js");
    return reportFault(io, words.join(" "), error);
  }
}

/** The words of `args` that name a verb, such as `log entries`: where its help is. */
function verbWords(program: Command, args: readonly string[]): string[] {
  const words: string[] = [];
  let at = program;
  for (const word of args) {
    const next = at.commands.find((command) => command.name() === word);
    if (!next) break;
    words.push(word);
    at = next;
  }
  return words;
}

// Commander's own `help` knows one word only. An unknown word is left to be refused, with a suggestion.
function helpFor(program: Command, wanted: readonly string[]): readonly string[] {
  return verbWords(program, wanted).length === wanted.length ? [...wanted, "--help"] : wanted;
}

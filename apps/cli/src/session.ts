import type { Command } from "commander";
import type { Io } from "./io.js";
import { createOutput, type Format, type Output } from "./terminal/output.js";

/** What one run of one verb has at hand. */
export interface Session {
  readonly io: Io;
  readonly output: Output;
  readonly global: GlobalOptions;
}

/** Options that many verbs share; each verb declares those that it reads. */
interface GlobalOptions {
  server?: string;
  token?: string;
  workspaceDir?: string;
  output?: Format;
  quiet?: boolean;
}

export type Action<A extends readonly unknown[], O> = (
  session: Session,
  options: O,
  ...args: A
) => Promise<number>;

/** Carries the exit code of the verb that ran out of commander. */
export interface Shell {
  readonly io: Io;
  exit: number;
}

/**
 * Binds a verb to its action and loads the action's module only when the verb runs: `--help` and completion pay
 * for commander alone. `A` and `O` repeat what the verb declares; a test runs every verb for real.
 */
export function bind<A extends readonly unknown[], O extends object>(
  shell: Shell,
  verb: Command,
  load: () => Promise<Action<A, O>>,
): void {
  verb.action(async () => {
    const global = placed(verb);
    const output = createOutput(shell.io, { format: global.output ?? "table", quiet: global.quiet === true });
    const action = await load();
    const args = verb.processedArgs as unknown as A;
    shell.exit = await action({ io: shell.io, output, global }, verb.opts<O>(), ...args);
  });
}

/** What was typed beats what the environment says: naming a directory is asking for it, whatever server is set. */
function placed(verb: Command): GlobalOptions {
  const { server, ...rest } = verb.opts<GlobalOptions>();
  const wantsDirectory = verb.getOptionValueSource("workspaceDir") === "cli";
  const onlySet = verb.getOptionValueSource("server") === "env";
  return server === undefined || (wantsDirectory && onlySet) ? rest : { ...rest, server };
}

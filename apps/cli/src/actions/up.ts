import { resolve } from "node:path";
import { type Config, type Control, parseConfig, startControl } from "@countersign/control";
import { CountersignError } from "@countersign/evidence";
import type { Session } from "../session.js";
import { stopped } from "../stopped.js";
import { safe } from "../terminal/safe.js";
import { bold, dim } from "../terminal/style.js";

interface Options {
  port?: number;
  data?: string;
  databaseUrl?: string;
  witness?: string;
  witnessKey?: string;
  example: boolean;
  quiet?: boolean;
}

const TOKEN_DAYS = 30;

/** Runs until it is told to stop; stopping it is no failure. */
export async function up(session: Session, options: Options): Promise<number> {
  const { io, output } = session;
  const started = io.clock();
  output.note(safe`${dim("starting ...")}`);
  const control = await startControl(configOf(session, options), {
    clock: io.clock,
    destination: { write: (line) => void io.stderr.write(line) },
  });
  try {
    if (!io.signal.aborted) await greet(session, control, options.quiet === true, io.clock() - started);
    await stopped(io.signal);
    output.note(safe`${dim("stopping ...")}`);
  } finally {
    await control.close();
  }
  return 0;
}

/** What was typed wins; what was not is left to the environment and to the defaults of the server. */
function configOf({ io }: Session, options: Options): Config {
  const { port, data, databaseUrl, witness, witnessKey } = options;
  if ((witness === undefined) !== (witnessKey === undefined)) {
    throw new CountersignError("usage", "a witness is named by its address and its key together", {
      detail: { remedy: "countersign up --witness URL --witness-key VKEY" },
    });
  }
  const given: Partial<Config> = {
    ...(port === undefined ? {} : { port }),
    ...(data === undefined ? {} : { directory: resolve(io.cwd, data) }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(witness === undefined ? {} : { witness: `${witness} ${witnessKey}` }),
    ...(options.example ? {} : { example: false }),
    // A person at a terminal wants to hear of trouble; a service manager wants the whole log.
    ...(io.stderr.isTTY === true && io.env.COUNTERSIGN_LOG_LEVEL === undefined ? { logLevel: "warn" } : {}),
  };
  return parseConfig(given, io.env);
}

async function greet({ output }: Session, control: Control, quiet: boolean, took: number): Promise<void> {
  if (quiet) {
    output.line(safe`${control.url}`);
    return;
  }
  const { token } = await control.newToken({ label: "countersign up", scope: "admin", days: TOKEN_DAYS });
  output.line(safe`Countersign is ready at ${bold(control.url)} ${dim(`(${(took / 1000).toFixed(1)} s)`)}\n`);
  output.line(safe`Open this link, once, to sign in:\n  ${bold(control.loginUrl)}\n`);
  output.line(safe`For the command line, in another terminal:`);
  output.line(safe`  export COUNTERSIGN_SERVER=${control.url} COUNTERSIGN_TOKEN=${token}\n`);
  output.line(
    safe`Pin the log's key, so that you notice if its history changes:\n  ${control.workspace.log.verifierKey}\n`,
  );
  output.line(safe`${dim("Ctrl-C stops it.")}`);
}

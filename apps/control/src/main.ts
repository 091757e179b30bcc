import { parseArgs } from "node:util";
import { CountersignError, ERROR_TABLE } from "@countersign/evidence";
import { parseConfig } from "./config/config.js";
import { startControl } from "./start.js";

const USAGE = `Usage: control [--directory PATH] [--host HOST] [--port PORT] [--no-example] [--help]
Every setting has an environment variable as well: docs/operations.md.`;

function readFlags(): Parameters<typeof parseConfig>[0] | null {
  const { values } = parseArgs({
    options: {
      directory: { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
      "no-example": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const { help, "no-example": without, ...settings } = values;
  if (help) return null;
  return { ...settings, ...(without ? { example: false } : {}) };
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (!flags) return void process.stdout.write(`${USAGE}\n`);
  const config = parseConfig(flags, process.env);
  const asked = stopAsked();
  const control = await startControl(config, { destination: process.stderr });
  process.stdout.write(
    `Countersign is ready at ${control.url}\nLog in once, within ten minutes: ${control.loginUrl}\n`,
  );
  await asked;
  await control.close();
}

/** Also while starting: a database that was just started must be stopped again. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    const ask = (): void => {
      // Asked twice: leave at once. What was acknowledged is durable; the next start takes up the rest.
      process.on("SIGTERM", () => process.exit(1)).on("SIGINT", () => process.exit(1));
      resolve();
    };
    process.once("SIGTERM", ask).once("SIGINT", ask);
  });
}

function fail(error: unknown): never {
  const known = error instanceof CountersignError;
  const text = known
    ? `${error.code}: ${error.message}`
    : error instanceof Error
      ? error.message
      : String(error);
  process.stderr.write(`countersign: ${text}\n`);
  process.exit(known ? ERROR_TABLE[error.code].exit : 2);
}

main().then(() => process.exit(0), fail);

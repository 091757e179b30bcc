import { setUp } from "../src/index.js";

/** Sets a directory up and says how that ended. */
const [directory = ""] = process.argv.slice(2);
const ended = await setUp(
  directory,
  "default",
  () => 1_000_000,
  () => {},
).then(
  () => "set up",
  (error: { code?: string }) => `fault ${error.code}`,
);
process.stdout.write(`${ended}\n`);

// `npm test`: installs and builds what the tests need, then runs them. Arguments go to Vitest, whose exit code is kept.
import { join } from "node:path";
import { build, checkNode, install, root, run } from "./prepare.mjs";

checkNode();
await install();
await build();

// Tests that start the program may start what was just built, instead of translating it anew each time.
const env = { ...process.env, COUNTERSIGN_TEST_BUILT: "1" };
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
process.exitCode = await run(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  stdio: "inherit",
  env,
});

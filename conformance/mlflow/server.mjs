import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./spawn.mjs";

// With `node --conditions=source --import tsx` a clone that is not built runs its TypeScript.
const SOURCE = process.execArgv.includes("--conditions=source");
const ENTRY = SOURCE ? "src/index.ts" : "dist/index.js";
const room = (path) => import(new URL(`../../${path}/${ENTRY}`, import.meta.url).href);
const MAIN = SOURCE ? "src/main.ts" : "bin/countersign.js";
const CLI = fileURLToPath(new URL(`../../apps/cli/${MAIN}`, import.meta.url));
const FLAGS = SOURCE ? ["--conditions=source", "--import", import.meta.resolve("tsx")] : [];

/** The built control plane in this process, on a port and in a directory of its own. */
export async function startServer(place) {
  const { parseConfig, startControl } = await room("apps/control");
  const { createClient } = await room("packages/api");
  const directory = join(place, "data");
  const config = parseConfig({ port: 0, example: false, directory });
  const control = await startControl(config, { destination: { write: () => {} } });
  const { token } = await control.newToken({ label: "mlflow", scope: "write", principal: "trainer" });
  const client = createClient({ baseUrl: control.url, token });
  return {
    environment: () => ({
      ...process.env,
      MLFLOW_TRACKING_URI: control.url,
      MLFLOW_TRACKING_TOKEN: token,
      COUNTERSIGN_SERVER: control.url,
      COUNTERSIGN_TOKEN: token,
      GIT_PYTHON_REFRESH: "quiet",
    }),
    key: (name) => join(directory, "keys", `${name}.pem`),
    approvalOf: async (artifact) => {
      const { entries } = await client.versions.get(artifact);
      return entries.findLast(({ predicate, status }) => predicate === "approval" && status === "held")
        .envelope;
    },
    close: () => control.close(),
  };
}

/** The real command line, with the server and the token from the environment. */
export async function countersign(args, environment) {
  const { code, stdout, stderr } = await run(process.execPath, [...FLAGS, CLI, ...args], {
    environment,
    timeout: 120_000,
  });
  return { code, output: `${stdout}${stderr}` };
}

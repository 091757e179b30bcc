import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseConfig, startControl } from "@countersign/control";
import type { TestProject } from "vitest/node";
import { seedAssets, seedGraph } from "./bulk.js";
import { chromiumPath } from "./chromium.js";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
    /** A login link that nobody used yet. */
    login: string;
    /** The cookie of a session, as `name=value`. */
    cookie: string;
    /** An API token that may do anything. */
    token: string;
  }
}

const VITE = fileURLToPath(new URL("../../../../node_modules/vite/bin/vite.js", import.meta.url));
const CONSOLE = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the console, and starts one server with the example workspace for all browser tests. */
export const setup = async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  if (chromiumPath() === "") {
    console.warn("Skipping the browser tests: no Chromium found. Install one or set CHROMIUM_PATH.");
    project.provide("url", "");
    project.provide("login", "");
    project.provide("cookie", "");
    project.provide("token", "");
    return undefined;
  }
  const directory = await mkdtemp(join(tmpdir(), "countersign-console-"));
  const built = join(directory, "console");
  await build(built);
  const control = await startControl(
    parseConfig(
      {
        directory: join(directory, "data"),
        port: 0,
        console: built,
        example: true,
        logLevel: "silent",
        drainMs: 500,
      },
      {},
    ),
  );
  project.provide("url", control.url);
  project.provide("login", control.loginUrl);
  project.provide("cookie", await signIn(control.newLoginUrl()));
  const { token } = await control.newToken({ label: "browser tests", scope: "admin", principal: "operator" });
  project.provide("token", token);
  await seedAssets(control.database.pool);
  await seedGraph(control.database.pool);
  return async () => {
    await control.close();

    await rm(directory, { recursive: true, force: true });
  };
};

/** As people get it: a test runner's own mode would build React for development. */
const build = (directory: string): Promise<unknown> =>
  promisify(execFile)(process.execPath, [VITE, "build", "--logLevel", "error", "--outDir", directory], {
    cwd: CONSOLE,
    env: { ...process.env, NODE_ENV: "production" },
  });

const signIn = async (link: string): Promise<string> => {
  const { origin, hash } = new URL(link);
  const response = await fetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ code: new URLSearchParams(hash.slice(1)).get("code") }),
  });
  if (!response.ok) throw new Error(`signing in failed: ${response.status} ${await response.text()}`);
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
};

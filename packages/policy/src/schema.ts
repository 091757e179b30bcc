import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// `src` and `dist` both lie one level below the package.
const PACKAGE = new URL("../", import.meta.url);

/** The Cedar schema of facts: what a policy may read. */
export const SCHEMA: string = readFileSync(new URL("schema.cedarschema", PACKAGE), "utf8");

/** The policies that a new workspace starts with, and their tests. */
export const STARTER_POLICIES: string = fileURLToPath(new URL("policies", PACKAGE));

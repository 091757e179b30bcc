// `npm start`: from a fresh clone to the running control plane. Arguments go to `countersign up`.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, checkNode, install, root } from "./prepare.mjs";

checkNode();
await install();
await build();

// In this process: one process less to start, to hold in memory and to pass signals through.
const program = join(root, "apps", "cli", "bin", "countersign.js");
process.argv = [process.execPath, program, "up", ...process.argv.slice(2)];
await import(pathToFileURL(program).href);

// After the compiler: joins the modules of the scanning process into one file. A scan starts such a process each time, and two
// hundred small files take longer to find than to run.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const built = fileURLToPath(new URL("dist/path/", import.meta.url));

await build({
  entryPoints: [`${built}child.js`],
  outfile: `${built}child.bundle.js`,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
});

#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/main.js", import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write(
    "countersign: this checkout is not built yet\n  fix: npm ci && npm run build   (or: npm start, which does both)\n",
  );
  process.exitCode = 2;
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { scanBytes } from "./scan-bytes.js";

const corpora = fileURLToPath(new URL("../../../../../shared/data/scanner/", import.meta.url));
const present = existsSync(corpora);
if (!present) console.warn("skipped: the shared scanner corpora are not here");

interface Manifest {
  files: { file: string; expected: "malicious" | "suspicious" | "benign" }[];
}

describe.skipIf(!present)("shared corpora", () => {
  for (const name of present ? readdirSync(corpora) : []) {
    const directory = join(corpora, name);
    const { files } = JSON.parse(readFileSync(join(directory, "MANIFEST.json"), "utf8")) as Manifest;
    for (const { file, expected } of files) {
      it(`${name}/${file} is ${expected}`, () => {
        const { verdict } = scanBytes(readFileSync(join(directory, file)), file);
        if (expected === "malicious") expect(verdict).toBe("malicious");
        else if (expected === "suspicious") expect(verdict).not.toBe("clean");
        else if (/password/.test(file)) expect(verdict).toBe("incomplete");
        else expect(verdict).toBe("clean");
      });
    }
  }
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocuments, schemaFiles } from "./index.js";

const docs = join(import.meta.dirname, "..", "..", "..", "docs");

describe("published schemas", () => {
  it.each([...schemaFiles()])("docs/schemas/%s is what documents are checked with", async (name, schema) => {
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(docs, "schemas", name));
  });

  it("accept every example of the guide", () => {
    const guide = readFileSync(join(docs, "inventory.md"), "utf8");
    const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
    expect(examples.length).toBeGreaterThan(2);
    for (const example of examples) expect(parseDocuments(example)).toHaveLength(1);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_TABLE } from "@countersign/evidence";
import { expect, it } from "vitest";

const page = readFileSync(join(import.meta.dirname, "../docs/errors.md"), "utf8");
const rows = new Map(
  [...page.matchAll(/^\| `([a-z0-9-]+)` \| (\d+) \| (\d) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, code, status, exit, title, remedy]) => [
      code,
      { status: Number(status), exit: Number(exit), title, remedy },
    ],
  ),
);

it("docs/errors.md tells every code as the table has it", () => {
  expect([...rows.keys()].sort()).toEqual(Object.keys(ERROR_TABLE).sort());
  for (const [code, { status, exit, title }] of Object.entries(ERROR_TABLE)) {
    expect(rows.get(code), code).toMatchObject({ status, exit, title });
    expect(rows.get(code)?.remedy.length, code).toBeGreaterThan(10);
  }
});

import { expect, test } from "vitest";
import { toProblem } from "./problem.js";

test.each([
  ["the file system", Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })],
  ["a quota", Object.assign(new Error("EDQUOT: disk quota exceeded, write"), { code: "EDQUOT" })],
  ["PostgreSQL", Object.assign(new Error("could not extend file"), { code: "53100" })],
  [
    "PostgreSQL, as the query builder wraps it",
    new Error("Failed query", { cause: Object.assign(new Error("x"), { code: "53100" }) }),
  ],
])("a full disk is named, whether %s says so", (_who, error) => {
  const problem = toProblem(error, "r");
  expect(problem).toMatchObject({ status: 507, code: "disk-full" });
  expect(problem.detail).toBe("There is no space left on the server's disk.");
});

test.each(["22021", "22003", "22P02"])(
  "what PostgreSQL cannot keep (%s) is the caller's, and quotes no query",
  (code) => {
    const cause = Object.assign(new Error("invalid byte sequence"), { code });
    const problem = toProblem(new Error("Failed query: select secret", { cause }), "r");
    expect(problem).toMatchObject({ status: 400, code: "bad-request" });
    expect(problem.detail).not.toContain("select");
  },
);

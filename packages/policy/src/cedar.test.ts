import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { callCedar, slotOf } from "./cedar.js";

const DECISIONS = 9_000;
const SOAK = `
  const { evaluate } = await import("./evaluate.ts");
  const { loadPolicies } = await import("./load.ts");
  const { REQUEST } = await import("./table.ts");
  const { STARTER_POLICIES } = await import("./schema.ts");
  const set = loadPolicies(STARTER_POLICIES);
  for (let i = 0; i < ${DECISIONS}; i++) {
    evaluate(set, { ...REQUEST, environment: i % 3 ? "production" : "staging" });
    if (i % 1000 === 0) gc();
  }
  console.log("still here");
`;

describe("the engine", () => {
  // V8 aborts the process within a few thousand decisions unless told not to inline the calls.
  it("survives thousands of decisions in one process", { timeout: 180_000 }, () => {
    const flags = ["--expose-gc", "--import", "tsx", "--conditions=source", "--input-type=module"];
    const child = spawnSync(process.execPath, [...flags, "--eval", SOAK], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      encoding: "utf8",
    });
    expect(child).toMatchObject({ status: 0, stdout: "still here\n" });
  });

  it("is replaced after a trap, and what it held is prepared again", () => {
    const key = {};
    let prepared = 0;
    const hold = (): string =>
      callCedar((cedar) =>
        slotOf(key, (name) => {
          prepared++;
          cedar.preparsePolicySet(name, { staticPolicies: {} });
        }),
      );
    hold();
    hold();
    expect(prepared).toBe(1);
    const deep = `permit (principal, action, resource) when { ${"(".repeat(5000)}true${")".repeat(5000)} };`;
    expect(() => callCedar((cedar) => cedar.checkParsePolicySet({ staticPolicies: deep }))).toThrow(
      /broke off/,
    );
    const answer = callCedar((cedar) =>
      cedar.checkParsePolicySet({ staticPolicies: "permit (principal, action, resource);" }),
    );
    expect(answer.type).toBe("success");
    hold();
    expect(prepared).toBe(2);
  });
});

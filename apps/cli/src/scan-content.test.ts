import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run, scratch } from "./testing/child.js";
import { cleanModel } from "./testing/models.js";

describe("scan for more than code", { timeout: 180_000 }, () => {
  const cwd = scratch();
  const say = (...args: string[]) => run(["scan", ...args], { cwd });
  const licensed = join(cwd, "licensed");
  mkdirSync(licensed);
  writeFileSync(join(licensed, "README.md"), "---\nlicense: cc-by-nc-4.0\n---\n# Model\n");

  it("holds the licence against the use", async () => {
    expect(await say(licensed)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("CC-BY-NC-4.0 (README.md)"),
    });
    const { code, stdout } = await say("--use", "commercial", licensed);
    expect(code).toBe(1);
    expect(stdout).toContain("The licence CC-BY-NC-4.0 allows no commercial use.");
  });

  it("says that no licence is named", async () => {
    const { code, stdout } = await say("--use", "commercial", cleanModel(join(cwd, "clean")));
    expect(code).toBe(0);
    expect(stdout).toContain("none is named");
  });

  it("looks files up in a list, and refuses a list that it cannot read", async () => {
    const digest = createHash("sha256")
      .update(readFileSync(join(licensed, "README.md")))
      .digest("hex");
    writeFileSync(join(cwd, "bad.txt"), `# ours\n${digest}  README.md  names a stolen model\n`);
    const { code, stdout } = await say("--known-bad", "bad.txt", licensed);
    expect(code).toBe(1);
    expect(stdout).toContain("names a stolen model");
    writeFileSync(join(cwd, "wrong.txt"), `${digest}\nnot a digest\n`);
    expect(await say("--known-bad", "wrong.txt", licensed)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("line 2 has no SHA-256"),
    });
    expect(await say("--known-bad", "absent.txt", licensed)).toMatchObject({ code: 2 });
  });

  it("looks at all numbers of the weights, or at none", async () => {
    const nan = Buffer.alloc(8192, "0000c07f", "hex");
    const header = JSON.stringify({ a: { dtype: "F32", shape: [2048], data_offsets: [0, 8192] } });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    writeFileSync(join(cwd, "nan.safetensors"), Buffer.concat([length, Buffer.from(header), nan]));
    expect(await say("--weights", "full", "nan.safetensors")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("weights-broken"),
    });
    expect(await say("--weights", "off", "nan.safetensors")).toMatchObject({ code: 0 });
    expect(await say("--weights", "some", "nan.safetensors")).toMatchObject({ code: 2 });
  });
});

import { expect, test } from "vitest";
import { LoginCodes } from "./login.js";
import { hashSecret, newSecret, secretWorkspace } from "./secret.js";

test("a secret names its workspace and nothing else does", () => {
  const secret = newSecret("cst", "blue-team");
  expect(secretWorkspace("cst", secret)).toBe("blue-team");
  expect(secretWorkspace("css", secret)).toBeUndefined();
  expect(secretWorkspace("cst", `${secret}x`)).toBeUndefined();
  expect(hashSecret(secret)).not.toContain(secret.slice(-8));
});

test("a login code works once and for ten minutes", () => {
  let now = 0;
  const codes = new LoginCodes(() => now);
  const [first, second] = [codes.create(), codes.create()];
  expect(codes.redeem("x")).toBe(false);
  expect(codes.redeem(first)).toBe(true);
  expect(codes.redeem(first)).toBe(false);
  now = 11 * 60_000;
  expect(codes.redeem(second)).toBe(false);
});

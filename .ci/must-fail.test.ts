import { expect, it } from "vitest";

it("is wrong on purpose", () => {
  expect(1 + 1).toBe(3);
});

import { expect, it } from "vitest";
import { KEPT_ITEMS, Tuple } from "../value.js";
import { codeObject } from "./code-object.js";
import { constantAt } from "./constants.js";
import { refersWell } from "./operands.js";

const LOAD_CONST = { name: "LOAD_CONST" };

it("knows how many constants a long function has, beyond those that are kept", () => {
  const consts = new Tuple(Array.from({ length: 2 * KEPT_ITEMS }, (_, at) => at));
  const empty = (): Tuple => new Tuple([]);
  // types.CodeType of CPython 3.8 to 3.10.
  const parts = [0, 0, 0, 0, 1, 64, "", consts, empty(), empty(), "m.py", "f", 1, "", empty(), empty()];
  const code = codeObject(new Tuple(parts));
  if (!code) throw new Error("is no code");
  const fits = (argument: number): boolean =>
    refersWell(code, { opcode: LOAD_CONST, argument } as Parameters<typeof refersWell>[1], 310);
  expect([0, KEPT_ITEMS, 2 * KEPT_ITEMS - 1].map(fits)).toEqual([true, true, true]);
  expect(fits(2 * KEPT_ITEMS)).toBe(false);
  expect([constantAt(code, 7), constantAt(code, KEPT_ITEMS)]).toEqual([7, null]);
});

import { expect, it } from "vitest";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";
import { reference } from "./reference.js";

it("docs/cli.md says what the program says", async () => {
  const program = createProgram({ io: {} as Io, exit: 0 });
  await expect(reference(program)).toMatchFileSnapshot("../../../docs/cli.md");
});

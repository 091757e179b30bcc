import { afterEach, beforeEach } from "vitest";
import type { Workspace } from "../src/index.js";
import { open, type Place, place } from "./fixture.js";

/** Opens a place of its own for each test of a file; what is open there when the test ends, `begin` answers. */
export function eachTest(begin: (here: Place, workspace: Workspace) => () => Workspace): void {
  let here: Place;
  let current: () => Workspace;
  beforeEach(async () => {
    here = await place();
    current = begin(here, await open(here.directory));
  });
  afterEach(async () => {
    await current().close();
    await here.clean();
  });
}

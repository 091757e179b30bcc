import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { admitting } from "./parts/admit.js";
import { cheating } from "./parts/cheat.js";
import { inventory } from "./parts/inventory.js";
import { lineage } from "./parts/lineage.js";
import { reachable } from "./parts/reach.js";
import { runs } from "./parts/runs.js";
import { signingIn } from "./parts/sign-in.js";
import { story } from "./parts/story.js";
import { tracing } from "./parts/trace.js";
import { verifying } from "./parts/verify.js";
import { chromiumPath, launch } from "./support/chromium.js";

// One file, so that the parts run in this order on one server: the story is told before anything is added to it.
describe.skipIf(chromiumPath() === "")("the console, in a browser, on a real server", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  signingIn(() => browser);
  story(() => browser);
  verifying(() => browser);
  cheating(() => browser);
  inventory(() => browser);
  lineage(() => browser);
  runs(() => browser);
  tracing(() => browser);
  reachable(() => browser);
  admitting(() => browser);
});

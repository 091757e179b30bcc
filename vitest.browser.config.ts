import { defineConfig } from "vitest/config";

/** Drives the built console on a real server in a real browser. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["apps/console/tests/**/*.browser.test.ts"],
    globalSetup: ["apps/console/tests/support/setup.ts"],
    fileParallelism: false,
    // What a page shows is asked again until it is so: a browser on a busy machine draws late.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // The embedded database is stopped, not abandoned.
    teardownTimeout: 60_000,
  },
});

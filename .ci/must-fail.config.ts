import { defineConfig } from "vitest/config";

// One test that is wrong on purpose: the pipeline runs it to see that a failing test is noticed.
export default defineConfig({ test: { include: [".ci/must-fail.test.ts"] } });

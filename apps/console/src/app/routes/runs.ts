import { later } from "./lazy.js";

export const RunsPage = later("Runs", async () => (await import("../../features/runs/page.js")).RunsPage);
export const RunPage = later("Run", async () => (await import("../../features/runs/run-page.js")).RunPage);
export const ComparePage = later(
  "Compare runs",
  async () => (await import("../../features/runs/compare-page.js")).ComparePage,
);

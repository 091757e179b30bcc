import { later } from "./lazy.js";

export const VersionsPage = later(
  "Models",
  async () => (await import("../../features/versions/list.js")).VersionsPage,
);
export const VersionPage = later(
  "Model",
  async () => (await import("../../features/versions/page.js")).VersionPage,
);
export const DecisionsPage = later(
  "Decisions",
  async () => (await import("../../features/decisions/list.js")).DecisionsPage,
);
export const DecisionPage = later(
  "Decision",
  async () => (await import("../../features/decisions/page.js")).DecisionPage,
);
export const LogPage = later("Log", async () => (await import("../../features/log/page.js")).LogPage);
export const EntryPage = later(
  "Entry",
  async () => (await import("../../features/log/entry-page.js")).EntryPage,
);

import { later } from "./lazy.js";

export const LineagePage = later(
  "Lineage",
  async () => (await import("../../features/lineage/page.js")).LineagePage,
);

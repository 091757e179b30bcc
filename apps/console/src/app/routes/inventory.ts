import { later } from "./lazy.js";

export const InventoryPage = later(
  "Inventory",
  async () => (await import("../../features/inventory/page.js")).InventoryPage,
);
export const ApplyPage = later(
  "Apply documents",
  async () => (await import("../../features/asset/apply.js")).ApplyPage,
);
export const ConcentrationPage = later(
  "Supply",
  async () => (await import("../../features/asset/concentration.js")).ConcentrationPage,
);
export const AssetPage = later("Asset", async () => (await import("../../features/asset/page.js")).AssetPage);

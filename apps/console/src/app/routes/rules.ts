import { later } from "./lazy.js";

export const PoliciesPage = later(
  "Policies",
  async () => (await import("../../features/policies/page.js")).PoliciesPage,
);
export const TrustPage = later(
  "Keys and trust",
  async () => (await import("../../features/trust/page.js")).TrustPage,
);
export const CheatPage = later(
  "Try to cheat",
  async () => (await import("../../features/cheat/page.js")).CheatPage,
);

import { later } from "./lazy.js";

export const TracePage = later("Trace", async () => (await import("../../features/trace/page.js")).TracePage);

export { type Example, type ExampleModel, writeExample } from "./example.js";
export { INVENTORY } from "./inventory.js";
export type { Metrics } from "./metrics.js";

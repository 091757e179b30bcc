export { type Example, type ExampleModel, writeExample } from "./example.js";
export type { Metrics } from "./metrics.js";

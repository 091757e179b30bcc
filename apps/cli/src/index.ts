export type { Io, Sink } from "./io.js";
export { run } from "./run.js";

import type { Io, Sink } from "../io.js";
import { type Safe, safeJson } from "./safe.js";

export type Format = "table" | "json" | "sarif" | "dot" | "mermaid" | "junit" | "cyclonedx" | "yaml";

/** Where results and notices go. Results are for pipes; notices are for people and never reach stdout. */
export interface Output {
  readonly format: Format;
  /** True when a person watches standard error, so that progress is worth drawing. */
  readonly live: boolean;
  line(text: Safe): void;
  /** The one document of the formats that are JSON. */
  document(value: unknown): void;
  /** Bytes that are a result by themselves, such as a receipt. */
  raw(text: string): void;
  /** A warning or a refusal: always shown. */
  warn(text: Safe): void;
  /** A remark that only a person at a terminal needs. */
  note(text: Safe): void;
}

export interface OutputChoices {
  format: Format;
  quiet: boolean;
}

export function wantsColour(sink: Sink, env: Io["env"]): boolean {
  if (env.NO_COLOR) return false;
  return sink.isTTY === true && env.TERM !== "dumb";
}

export function createOutput(io: Io, choices: OutputChoices): Output {
  const result = (text: Safe): string => (wantsColour(io.stdout, io.env) ? text.text : text.plain);
  const remark = (text: Safe): string => (wantsColour(io.stderr, io.env) ? text.text : text.plain);
  const live = io.stderr.isTTY === true && !choices.quiet && io.env.TERM !== "dumb";
  return {
    format: choices.format,
    live,
    line: (text) => void io.stdout.write(`${result(text)}\n`),
    document: (value) => void io.stdout.write(`${safeJson(value, 2)}\n`),
    raw: (text) => void io.stdout.write(text),
    warn: (text) => void io.stderr.write(`${remark(text)}\n`),
    note: (text) => {
      if (live) io.stderr.write(`${remark(text)}\n`);
    },
  };
}

/** Prints a result as the format that was asked for: the document itself, or what `draw` writes for a person. */
export function present(output: Output, value: unknown, draw: () => void): void {
  if (output.format === "table") draw();
  else output.document(value);
}

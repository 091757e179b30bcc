import Table from "cli-table3";
import type { Io } from "../io.js";
import { wantsColour } from "./output.js";
import { type Printable, Safe } from "./safe.js";
import { bold } from "./style.js";

const NONE = "";
const BARE = {
  top: NONE,
  "top-mid": NONE,
  "top-left": NONE,
  "top-right": NONE,
  bottom: NONE,
  "bottom-mid": NONE,
  "bottom-left": NONE,
  "bottom-right": NONE,
  left: NONE,
  "left-mid": NONE,
  mid: NONE,
  "mid-mid": NONE,
  right: NONE,
  "right-mid": NONE,
  middle: "  ",
};

/** Columns by spaces alone: as easy for `awk` as for a person. */
export function writeTable(io: Io, head: readonly string[], rows: readonly (readonly Printable[])[]): void {
  const colour = wantsColour(io.stdout, io.env);
  const cell = (value: Printable): string => (colour ? Safe.of(value).text : Safe.of(value).plain);
  const table = new Table({
    chars: BARE,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    head: head.map((title) => cell(bold(title.toUpperCase()))),
  });
  table.push(...rows.map((row) => row.map(cell)));
  io.stdout.write(`${trimLines(table.toString())}\n`);
}

function trimLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

// What was reached, as branches of the parsers' files and as inputs of each format.
import { dirname } from "node:path";
import { isBranch } from "./instrument.mjs";

const percent = (reached, all) => (all === 0 ? "-" : `${((100 * reached) / all).toFixed(1)}%`);

function group(points, reached, key) {
  const groups = new Map();
  points.forEach((point, index) => {
    if (!isBranch(point)) return;
    const name = key(point);
    const found = groups.get(name) ?? { reached: 0, all: 0 };
    found.all++;
    if (reached[index]) found.reached++;
    groups.set(name, found);
  });
  return groups;
}

export function summary(points, reached) {
  const all = group(points, reached, () => "").get("") ?? { reached: 0, all: 0 };
  return { branches: percent(all.reached, all.all), reached: all.reached, all: all.all };
}

export function table(points, reached, ended) {
  const lines = [];
  for (const key of [({ file }) => dirname(file), ({ file }) => file]) {
    for (const [name, found] of [...group(points, reached, key)].sort())
      lines.push(`| ${name} | ${found.reached} of ${found.all} | ${percent(found.reached, found.all)} |`);
    lines.push("");
  }
  const formats = new Map();
  for (const { families } of ended) {
    for (const { format, past, whole, inputs, seeds } of families) {
      if (past === 0) continue;
      const found = formats.get(format) ?? { past: 0, whole: 0, inputs: 0, seeds };
      found.past += past;
      found.whole += whole;
      found.inputs += inputs;
      formats.set(format, found);
    }
  }
  lines.push(
    "| format | inputs past the header | of them parsed to the end | of all inputs made from it |",
    "|---|---|---|---|",
  );
  for (const [format, found] of [...formats].sort())
    lines.push(
      `| ${format} | ${found.past} | ${percent(found.whole, found.past)} | ${percent(found.past, found.inputs)} |`,
    );
  return lines.join("\n");
}

// Calls every name of a library in a pickle and counts verdicts: gadgets.mjs NAMES.json [ARGUMENT]
// NAMES.json is what list-callables.py writes: [module, name, kind] each. Prints the names that stay clean.
import { readFileSync } from "node:fs";
import { scanBytes } from "../../packages/scanner/dist/index.js";

const [file, argument = "import os; os.system('id')"] = process.argv.slice(2);
const text = (value) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from("X"), length, bytes]);
};
const counts = {};
const clean = [];
for (const [module, name] of JSON.parse(readFileSync(file, "utf8"))) {
  const pickle = Buffer.concat([
    Buffer.from([0x80, 4]),
    text(module),
    text(name),
    Buffer.from([0x93]),
    text(argument),
    Buffer.from([0x85, 0x52, 0x2e]),
  ]);
  const { verdict } = scanBytes(pickle, "gadget.pkl");
  counts[verdict] = (counts[verdict] ?? 0) + 1;
  if (verdict === "clean") clean.push(`${module}.${name}`);
}
console.log(JSON.stringify(counts));
console.log(clean.join(" "));

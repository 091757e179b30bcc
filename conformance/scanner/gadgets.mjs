// Calls every name of a library in every way that a pickle can, and counts verdicts.
//
//   gadgets.mjs NAMES.json [--form NAME] [--list]
//
// NAMES.json is what list-callables.py writes: [module, name, kind] each. What stays clean must be harmless: --list
// prints those names by module. None of the pickles is ever loaded.
import { readFileSync } from "node:fs";
import { scanBytes } from "../../packages/scanner/dist/core/scan-bytes.js";

const args = process.argv.slice(2);
const at = args.indexOf("--form");
const only = at < 0 ? undefined : args.splice(at, 2)[1];
const listing = args.includes("--list");
const [file] = args.filter((arg) => !arg.startsWith("--"));

const latin = (text) => Buffer.from(text, "latin1");
const text = (value) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([latin("X"), length, bytes]);
};
const blob = (bytes) => Buffer.concat([latin("C"), Buffer.from([bytes.length]), bytes]);
const name = (module, path) => Buffer.concat([text(module), text(path), latin("\x93")]);
const pickle = (...parts) =>
  Buffer.concat([
    latin("\x80\x04"),
    ...parts.map((part) => (typeof part === "string" ? latin(part) : part)),
    latin("."),
  ]);

const CODE = text("__import__('os').system('id')");
const COMMAND = text("touch /tmp/pwned");
const PAYLOAD = latin("\x80\x04cos\nsystem\nX\x02\0\0\0id\x85R.");

/** Each takes the name as bytes that push it, and its module and path. */
const FORMS = {
  code: (callee) => pickle(callee, CODE, "\x85R"),
  command: (callee) => pickle(callee, COMMAND, "\x85R"),
  hidden: (callee) => pickle(callee, CODE, "\x85R0N"),
  two: (callee) => pickle(callee, text("x"), COMMAND, "\x86R"),
  four: (callee) => pickle(callee, "(K\x01", text("x"), COMMAND, "]tR"),
  listed: (callee) => pickle(callee, "](", text("sh"), text("-c"), COMMAND, "e\x85R"),
  dictionary: (callee) => pickle(callee, "}", text("cmd"), COMMAND, "s\x85R"),
  bytes: (callee) => pickle(callee, blob(PAYLOAD), "\x85R"),
  path: (callee) => pickle(callee, text("/etc/passwd"), "\x85R"),
  address: (callee) => pickle(callee, text("http://evil.example/x"), "\x85R"),
  function: (callee) => pickle(callee, name("my.pkg", "fire"), text("x"), "\x86R"),
  inst: (_, module, path) => pickle("(", CODE, `i${module}\n${path}\n`),
  obj: (callee) => pickle("(", callee, CODE, "o"),
  newobj: (callee) => pickle(callee, CODE, "\x85\x81"),
  "newobj-ex": (callee) => pickle(callee, ")}", text("cmd"), COMMAND, "s\x92"),
  partial: (callee) => pickle(name("functools", "partial"), callee, CODE, "\x86R)R"),
  "partial-state": (callee) =>
    pickle(name("functools", "partial"), name("builtins", "int"), "\x85R(", callee, CODE, "\x85}Ntb)R"),
  map: (callee) =>
    pickle(name("builtins", "list"), name("builtins", "map"), callee, "](", CODE, "e\x86R\x85R"),
  reduce: (callee) => pickle(name("functools", "reduce"), callee, "](", text("x"), CODE, "e\x86R"),
  getattr: (_, module, path) =>
    pickle(
      name("builtins", "getattr"),
      path.includes(".")
        ? name(module, path.slice(0, path.lastIndexOf(".")))
        : name("importlib", "import_module"),
      text(path.slice(path.lastIndexOf(".") + 1)),
      "\x86R",
      CODE,
      "\x85R",
    ),
  factory: (callee) =>
    pickle(
      name("operator", "getitem"),
      name("collections", "defaultdict"),
      name("functools", "partial"),
      callee,
      CODE,
      "\x86R\x85R",
      text("k"),
      "\x86R",
    ),
  hook: (callee) => pickle(name("my.pkg", "Plain"), ")\x81}", text("__setstate__"), callee, "sb", CODE, "b"),
  extension: (_, module, path) =>
    pickle(name("copyreg", "add_extension"), text(module), text(path), "K\xf0\x87R0\x82\xf0", CODE, "\x85R"),
  persistent: (callee) => pickle(text("id"), "Q0", callee, CODE, "\x85R"),
  memo: (callee) => pickle(callee, "\x940", CODE, "\x940h\0h\x01\x85R"),
};

const names = JSON.parse(readFileSync(file, "utf8"));
for (const [form, make] of Object.entries(FORMS)) {
  if (only !== undefined && only !== form) continue;
  const counts = {};
  const clean = new Map();
  for (const [module, path] of names) {
    const { verdict } = scanBytes(make(name(module, path), module, path), "gadget.pkl");
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    if (verdict === "clean") clean.set(module, [...(clean.get(module) ?? []), path]);
  }
  const share = (100 * (1 - (counts.clean ?? 0) / names.length)).toFixed(2);
  console.log(`${form}: ${share}% of ${names.length} not clean ${JSON.stringify(counts)}`);
  if (listing) for (const [module, paths] of clean) console.log(`  ${module}: ${paths.join(" ")}`);
}

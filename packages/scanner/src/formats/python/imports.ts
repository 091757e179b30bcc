import type { Parser } from "../../expression/parser.js";
import { rootOf } from "./hooks.js";
import type { PythonInterpreter } from "./interpreter.js";

interface Reader {
  readonly parser: Parser;
  readonly interpreter: PythonInterpreter;
}

/** `import module as name` */
export function readImport({ parser, interpreter }: Reader): void {
  do {
    const module = dotted(parser);
    const top = rootOf(module);
    interpreter.imports(module, parser.at);
    if (parser.accept("as")) interpreter.assign(parser.name(), { kind: "path", path: module });
    else interpreter.assign(top, interpreter.moduleOf(top));
  } while (parser.accept(","));
}

/** `from module import name` */
export function readFromImport({ parser, interpreter }: Reader): void {
  let module = "";
  while (parser.is(".") || parser.is("...")) module += parser.take().text;
  if (!parser.is("import")) module += dotted(parser);
  parser.expect("import");
  interpreter.imports(module, parser.at);
  const closed = parser.accept("(");
  if (parser.accept("*")) {
    interpreter.stars.add(module);
    return;
  }
  do {
    if (closed && parser.is(")")) break;
    const name = parser.name();
    const path = `${module}.${name}`;
    interpreter.assign(parser.accept("as") ? parser.name() : name, { kind: "path", path });
  } while (parser.accept(","));
  if (closed) parser.expect(")");
}

function dotted(parser: Parser): string {
  let name = parser.name();
  while (parser.accept(".")) name += `.${parser.name()}`;
  return name;
}

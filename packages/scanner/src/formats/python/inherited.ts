import type { Value } from "../../expression/value.js";
import { RUNS } from "./calls.js";
import type { Body } from "./events.js";
import type { PythonInterpreter } from "./interpreter.js";

/** Installers, whose `run` a set-up script calls. */
const INSTALLS: RegExp =
  /(^|\.)(install|develop|egg_info|build_py|sdist|bdist_egg|easy_install|install_lib|install_scripts)$/;
/** Their `start` calls `run`. */
const STARTED: RegExp = /(^|\.)(Thread|Timer|Process)$/;
const LOADED: RegExp =
  /(PreTrained\w*|Pretrained\w*|Module|Pipeline|Tokenizer\w*|Processor\w*|Mixin|Model|Config|Layer|PythonModel|BaseHandler)$/;
const SUBCLASSED: readonly string[] = ["__init_subclass__", "__new__", "__prepare__"];
const METACLASS: readonly string[] = ["__new__", "__prepare__", "__init__", "__call__"];
const LOADING: readonly string[] =
  "__init__ __setstate__ forward call __call__ from_pretrained from_config predict load_context initialize".split(
    " ",
  );
/** Their methods call those of the class, by names that they make or know. */
const TEMPLATES: RegExp =
  /^(html\.parser\.HTMLParser|HTMLParser\.HTMLParser|ast\.Node(Visitor|Transformer)|cmd\.Cmd|xml\.sax\.(handler\.)?ContentHandler|logging\.(\w*Handler|Filter)|string\.Formatter|json\.JSON(En|De)coder|pickle\.(Unp|P)ickler|socketserver\.\w+Handler|http\.server\.\w+Handler)$/;
/** Each value of an enumeration is an instance, made with the class. */
const ENUMERATES: RegExp = /(^|\.)(Int|Str)?(Enum|Flag)$/;

interface Reader {
  readonly interpreter: PythonInterpreter;
  readonly root: Body;
  readonly bases: Map<string, string[]>;
}

/** What others call on a class because of what it inherits from. */
export function inherit(
  { interpreter, root, bases }: Reader,
  name: string,
  base: Value,
  meta: boolean,
): void {
  if (base.kind !== "path") return;
  if (!meta && interpreter.classes.has(base.path)) bases.get(name)?.push(base.path);
  const { calls } = interpreter.body;
  if (ENUMERATES.test(base.path)) calls.add(name);
  // A class that stands for commands; a metaclass, or what is taken for one, is called.
  if (RUNS.test(base.path)) interpreter.runners.set(name, base.path);
  if (meta) calls.add(base.path);
  for (const method of meta ? METACLASS : SUBCLASSED) calls.add(`${base.path}.${method}`);
  if (STARTED.test(base.path)) interpreter.assign(`${name}.start`, { kind: "path", path: `${name}.run` });
  if (TEMPLATES.test(base.path)) interpreter.templates.add(name);
  // An installer runs the commands that a setup script gives it.
  if (INSTALLS.test(base.path)) root.calls.add(`${name}.run`);
  // Loading a model makes an instance of its class, and using it calls this.
  if (LOADED.test(base.path)) for (const method of LOADING) root.calls.add(`${name}.${method}`);
}

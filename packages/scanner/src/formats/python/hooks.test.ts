import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const verdict = (...lines: string[]): string =>
  scanBytes(Buffer.from(`${lines.join("\n")}\n`), "m.py").verdict;
const RUN = "os.system('touch x')";

/** Each was seen to run `touch` when CPython 3.11 imported it. */
const CALLED_BY_PYTHON: readonly (readonly [string, ...string[]])[] = [
  ["an exception that nobody takes", "sys.excepthook = lambda *a: ?", "raise ValueError"],
  ["what shows values", "def h(v): ?", "sys.displayhook = h", "exec(compile('1', 'a', 'single'))"],
  ["a hook by its name", "def h(*a): ?", "setattr(sys, 'excepthook', h)", "1 / 0"],
  ["an exception in a thread", "threading.excepthook = lambda a: ?"],
  ["a trace of threads", "threading.settrace(lambda *a: ?)"],
  ["a breakpoint", "sys.breakpointhook = lambda: ?", "breakpoint()"],
  ["the variable of breakpoints", "os.environ['PYTHONBREAKPOINT'] = 'os.system'", "breakpoint('touch x')"],
  ["a signal", "def h(*a): ?", "signal.signal(signal.SIGUSR1, h)", "signal.raise_signal(signal.SIGUSR1)"],
  ["the collector", "gc.callbacks.append(lambda *a: ?)", "gc.collect()"],
  ["a reference that ends", "class A: pass", "r = weakref.ref(A(), lambda _: ?)"],
  ["a fork", "os.register_at_fork(before=lambda: ?)"],
  ["an error of a codec", "codecs.register_error('z', lambda e: ?)"],
  ["the end of the program", "@atexit.register", "def bye(): ?"],
  ["a finder of modules", "class F:", "    def find_spec(self, *a): ?", "sys.meta_path.insert(0, F())"],
  ["finders set anew", "class F:", "    def find_spec(s, *a): ?", "sys.meta_path = [F()] + sys.meta_path"],
  ["a hook for paths", "def h(p): ?", "sys.path_hooks.insert(0, h)"],
  ["the import itself", "def h(*a): ?", "builtins.__import__ = h", "import wave"],
  ["another print", "builtins.print = lambda *a: ?", "print(1)"],
  ["a module that computes names", "m = types.ModuleType('z')", "m.__getattr__ = lambda n: ?"],
  ["a metaclass that is a function", "def m(*a): ?", "class A(metaclass=m): pass"],
  [
    "a metaclass that computes names",
    "class M(type):",
    "    def __getattr__(c, n): ?",
    "class A(metaclass=M): pass",
    "A.x",
  ],
  ["an exception by its class", "class E(Exception):", "    def __init__(s): ?", "raise E"],
  ["a parser of HTML", "class P(HTMLParser):", "    def handle_starttag(s, *a): ?", "P().feed('<a>')"],
  ["what prints", "class S:", "    def write(s, x): ?", "sys.stdout = S()", "print(1)"],
  ["what writes JSON", "class E(json.JSONEncoder):", "    def default(s, o): ?", "json.dumps({}, cls=E)"],
  ["a visitor", "class V(ast.NodeVisitor):", "    def visit_Name(s, n): ?", "V().visit(ast.parse('a'))"],
  ["a type of the command line", "argparse.ArgumentParser().add_argument('x', type=lambda v: ?)"],
  [
    "who copies it",
    "class A:",
    "    def __reduce__(s): return os.system, ('touch x',)",
    "pickle.loads(pickle.dumps(A()))",
  ],
  [
    "a function for a type",
    "@functools.singledispatch",
    "def f(x): pass",
    "@f.register",
    "def _(x: int): ?",
    "f(1)",
  ],
  ["a class of commands", "class P(subprocess.Popen): pass", "P(['touch', 'x'])"],
];

const IMPORTS = [
  "import argparse, ast, atexit, builtins, codecs, functools, gc, json, os, pickle, signal, subprocess, sys, threading",
  "import types, weakref",
  "from html.parser import HTMLParser",
];

describe("Python that Python itself calls", () => {
  it.each(CALLED_BY_PYTHON)("through %s", (_, ...lines) => {
    expect(verdict(...IMPORTS, ...lines.map((line) => line.replace("?", RUN)))).toBe("malicious");
  });

  it.each([
    ["a handler that cleans up", "def h(*a): shutil.rmtree(tmp)", "signal.signal(signal.SIGTERM, h)"],
    ["a finder that finds", "class F:", "    def find_spec(s, *a): return None", "sys.meta_path.append(F())"],
    ["a method that nobody calls", "class F:", "    def find_spec(s, *a): ?"],
    ["no breakpoints", "os.environ['PYTHONBREAKPOINT'] = '0'"],
    ["another debugger", "os.environ['PYTHONBREAKPOINT'] = 'ipdb.set_trace'"],
    ["a function that replaces another", "def f(*a): return 1", "json.dumps = f"],
  ])("is clean where it is %s", (_, ...lines) => {
    expect(verdict(...IMPORTS, ...lines.map((line) => line.replace("?", RUN)))).toBe("clean");
  });
});

import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const verdict = (...lines: string[]): string =>
  scanBytes(Buffer.from(`${lines.join("\n")}\n`), "m.py").verdict;
const RUN = "os.system('touch x')";

/** Each was seen to run `touch` when CPython 3.11 imported it. */
const RUNS: readonly (readonly [string, ...string[]])[] = [
  ["a lambda by its name", "f = lambda: ?", "f()"],
  ["a lambda out of a map", "d = {'a': lambda: ?}", "d['a']()"],
  ["a lambda that a function answers", "def g(): return lambda: ?", "g()()"],
  ["a lambda that a function is handed", "def g(f): f()", "g(lambda: ?)"],
  ["a default of a lambda", "(lambda f=os.system: f('touch x'))()"],
  ["what a function answers", "def g(): return os.system", "g()('touch x')"],
  ["what a lambda answers", "g = lambda: os.system", "g()('touch x')"],
  ["a function of a function", "def g():", "    def h(): ?", "    return h", "g()()"],
  ["a decorator with an argument", "def d(a):", "    def e(f): ?", "    return e", "@d(1)", "def x(): pass"],
  ["a function that another is handed", "def g(f): f()", "def h(): ?", "g(h)"],
  [
    "a pool of threads",
    "from concurrent.futures import *",
    "ThreadPoolExecutor().submit(os.system, 'touch x')",
  ],
  ["a key to sort by", "['touch x'].sort(key=os.system)"],
  ["a replacement", "import re", "re.sub('a', lambda m: ?, 'a')"],
  ["a hook of json", "import json", "json.loads('{}', object_hook=lambda d: ?)"],
  ["a factory", "import collections", "collections.defaultdict(lambda: ?)['k']"],
  ["a finalizer", "import weakref", "class A: pass", "weakref.finalize(A(), os.system, 'touch x')"],
  [
    "a stack of contexts",
    "import contextlib",
    "with contextlib.ExitStack() as s: s.callback(os.system, 'touch x')",
  ],
  [
    "a thread of one's own",
    "import threading",
    "class T(threading.Thread):",
    "    def run(self): ?",
    "T().start()",
  ],
  ["an attribute of a class", "class A:", "    f = os.system", "A.f('touch x')"],
  ["a static method", "class A:", "    f = staticmethod(os.system)", "A().f('touch x')"],
  ["an attribute by its name", "class A: pass", "setattr(A, 'f', os.system)", "A.f('touch x')"],
  ["a global by its name", "globals()['f'] = os.system", "f('touch x')"],
  ["a class made by type", "type('X', (), {'__init__': lambda self: ?})()"],
  ["pairs", "for f, a in zip([os.system], ['touch x']): f(a)"],
  ["items", "for a, f in {'touch x': os.system}.items(): f(a)"],
  ["one of two", "(os.system if 1 else print)('touch x')"],
  ["a computed attribute", "getattr(os, [n for n in dir(os) if len(n) == 6][0])('touch x')"],
  ["not the main program", "if not __name__ == '__main__': ?"],
  ["a guard that is turned round", "if (__name__ == '__main__') == False: ?"],
  ["a browser", "import webbrowser", "webbrowser.get('touch %s').open('x')"],
  ["settings of logging", "import logging.config", "logging.config.dictConfig({'h': {'()': 'os.system'}})"],
  ["every name of ctypes", "from ctypes import *", "cdll.LoadLibrary(None).system(b'touch x')"],
  [
    "a method that __init__ calls",
    "class A:",
    "    def __init__(self): self.x()",
    "    def x(self): ?",
    "A()",
  ],
  ["a method that is inherited", "class A:", "    def go(self): ?", "class B(A): pass", "B().go()"],
  ["an __init__ that is inherited", "class A:", "    def __init__(self): ?", "class B(A): pass", "B()"],
  [
    "a method that an heir has",
    "class A:",
    "    def __init__(self): self.go()",
    "class B(A):",
    "    def go(self): ?",
    "B()",
  ],
  [
    "an attribute that a method set",
    "class A:",
    "    def __init__(s): s.f = os.system",
    "    def go(s): s.f(1)",
    "A().go()",
  ],
  ["a property", "class A:", "    x = property(lambda s: ?)", "A().x"],
  ["a class in a class", "class A:", "    class B:", "        def go(s): ?", "A.B().go()"],
  [
    "a value of an enumeration",
    "import enum",
    "class E(enum.Enum):",
    "    A = 1",
    "    def __init__(s, v): ?",
  ],
  ["a default of a function", "def g(f=lambda: ?): f()", "g()"],
  ["a name that the file gives itself", "__name__ = '__main__'", "if __name__ == '__main__': ?"],
  ["a guard in brackets", "if [0 and __name__ == '__main__' and 1]: ?"],
  ["a function of code in a string", "exec('def f(): os.system(1)')", "f()"],
  ["code in a string that calls itself", "exec('def f(): ?\\nf()'.replace('?', 'os.system(1)'))"],
];

describe("Python that runs on import", () => {
  it.each(RUNS)("through %s", (_, ...lines) => {
    expect(verdict("import os", ...lines.map((line) => line.replace("?", RUN)))).toBe("malicious");
  });

  it("through numbers that spell what is hidden", () => {
    const codes = [...`import os;${RUN}`].map((letter) => letter.charCodeAt(0) ^ 1).join(",");
    expect(verdict("d = lambda b: bytes(x ^ 1 for x in b).decode()", `exec(d(bytes([${codes}])))`)).toBe(
      "malicious",
    );
  });
});

describe("Python that only could run something", () => {
  it.each([
    ["a lambda that nobody calls", "f = lambda: ?"],
    ["a function that is handed to one that keeps it", "def keep(f): saved[0] = f", "def h(): ?", "keep(h)"],
    ["a partial", "import functools, subprocess", "run = functools.partial(subprocess.run, check=True)"],
    ["a main program with conditions", "if sys.platform != 'x' and __name__ == '__main__':", "    ?"],
    ["a question", "print(callable(os.system), hasattr(os, 'system'))"],
    [
      "a thread that is not started",
      "import threading",
      "class T(threading.Thread):",
      "    def run(self): ?",
    ],
  ])("is clean: %s", (_, ...lines) => {
    expect(verdict("import os, sys", ...lines.map((line) => line.replace("?", RUN)))).toBe("clean");
  });
});

it("takes no longer for many stars and maps", () => {
  const stars = "from os import *\n".repeat(20_000) + "zz\n".repeat(20_000);
  expect(scanBytes(Buffer.from(stars), "m.py").verdict).toBe("clean");
});

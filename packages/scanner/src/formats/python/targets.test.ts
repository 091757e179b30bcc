import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";

const verdict = (...lines: string[]): string =>
  scanBytes(Buffer.from(`${lines.join("\n")}\n`), "m.py").verdict;
const numbers = JSON.stringify([..."import os;os.system('touch x')"].map((one) => one.charCodeAt(0) ^ 7));

/** Each was seen to run `touch` when CPython 3.11 imported it. */
const GIVEN: readonly (readonly [string, ...string[]])[] = [
  ["a star", "*_, f = 1, 2, os.system", "f('touch x')"],
  ["a star before the end", "[a, *b] = [1, os.system]", "b[0]('touch x')"],
  ["a loop over pairs in pairs", "for i, (g, c) in enumerate([(os.system, 'touch x')]): g(c)"],
  ["two names of a comprehension", "[f(c) for f, c in [(os.system, 'touch x')]]"],
  ["a comprehension of pairs", "d = {k: v for k, v in [('a', os.system)]}", "d['a']('touch x')"],
  ["arguments that are taken apart", "def run(f, *a): f(*a)", "run(*[os.system, 'touch x'])"],
  ["an item", "d = {}", "d['a'] = os.system", "d['a']('touch x')"],
  ["a pattern", "match os.system:", "    case f: f('touch x')"],
  ["a pattern of several", "match (1, os.system):", "    case (_, g): g('touch x')"],
  ["a pattern of several in a list", "match [os.system, 'touch x']:", "    case [f, x]: f(x)"],
  ["a pattern with a key", "match {'a': os.system}:", "    case {'a': g}: g('touch x')"],
  ["a pattern with a name", "match os.system:", "    case object() as g: g('touch x')"],
  ["a pattern of attributes", "match os:", "    case object(system=g): g('touch x')"],
  ["a generator", "def g(): yield os.system", "for f in g(): f('touch x')"],
  ["a generator's first", "def g(): yield os.system", "next(g())('touch x')"],
  ["a generator of others", "def g(): yield from [os.system]", "[f('touch x') for f in g()]"],
  ["a global", "def s():", "    global f", "    f = os.system", "s()", "f('touch x')"],
  ["one of two branches", "try: s = os.system", "except ImportError:", "    s = print", "s('touch x')"],
  [
    "everything that has a name",
    "from os import system",
    "[v for k, v in list(globals().items()) if k[0] == 's'][0]('touch x')",
  ],
  ["members", "for n, f in inspect.getmembers(os):", "    if n[:4] == 'syst': f('touch x')"],
  [
    "a function that picks",
    "def pick(p):",
    "    for n in dir(os):",
    "        if n.startswith(p): return getattr(os, n)",
    "pick('syst')('touch x')",
  ],
  ["a fold", "functools.reduce(lambda a, f: f(a), [str, os.system], 'touch x')"],
  ["what eval answers", "eval('os.system')('touch x')"],
  ["a copy of a map", "collections.ChainMap({'a': os.system})['a']('touch x')"],
  ["letters in a loop", "s = ''", `for c in ${numbers}: s += chr(c ^ 7)`, "exec(s)"],
  ["letters in a list", "s = []", `for c in ${numbers}:`, "    s.append(chr(c ^ 7))", "exec(''.join(s))"],
  [
    "letters in another loop",
    `d, s, i = ${numbers}, '', 0`,
    "while i < len(d):",
    "    s += chr(d[i] ^ 7)",
    "    i += 1",
    "exec(s)",
  ],
  ["letters of a function", "def dec(d): return bytes([c ^ 7 for c in d])", `exec(dec(bytes(${numbers})))`],
  ["numbers in place", `b = bytearray(${numbers})`, "for i in range(len(b)): b[i] ^= 7", "exec(b.decode())"],
  ["the text of the file", "exec(__doc__)"],
  ["the text of a function", "def f():", "    '''os.system(1)'''", "exec(f.__doc__)"],
  ["a function that imports", "def i(n): return __import__(n)", "i('os').system('touch x')"],
  ["a function that reads", "def g(o, n): return getattr(o, n)", "g(os, 'system')('touch x')"],
  ["a lambda that imports", "i = lambda n: __import__(n)", "i('os').system('touch x')"],
  ["a class that answers all", "class A:", "    def __getattr__(s, n): return os.system", "A().x('touch x')"],
  ["a method's other name", "class A:", "    def go(s): os.system('touch x')", "    run = go", "A().run()"],
  ["all names at once", "globals().update({'f': os.system})", "f('touch x')"],
  ["the module itself", "import sys", "sys.modules[__name__].f = os.system", "f('touch x')"],
  ["another module", "import sys", "sys.modules['z'] = os", "import z", "z.system('touch x')"],
  ["a name in a text", "import pkgutil", "pkgutil.resolve_name('os:system')('touch x')"],
  ["the environment", "os.environ['C'] = 'os.system(1)'", "exec(os.environ['C'])"],
  ["text of the web", "from urllib.parse import unquote", "exec(unquote('os.system%281%29'))"],
  ["text of HTML", "import html", "exec(html.unescape('os.system(&quot;x&quot;)'))"],
  ["numbers", "s = ''", `d = ${numbers}`, "for i in range(len(d)): s += chr(d[i] ^ 7)", "exec(s)"],
  ["JSON", 'exec(json.loads(\'{"a": "os.system(1)"}\')["a"])'],
  ["text that is indented", "exec(textwrap.dedent('''\n    import os\n    os.system(1)\n    '''))"],
];

describe("Python that gives names to what runs", () => {
  it.each(GIVEN)("through %s", (_, ...lines) => {
    const first = [
      '"""import os; os.system(1)"""',
      "import os, collections, functools, inspect, json, textwrap",
    ];
    expect(verdict(...first, ...lines)).toBe("malicious");
  });

  it.each([
    ["a loop that gathers names", "names = []", "for n in ['a', 'b']: names.append(n)", "print(names)"],
    ["all names of the file", "for k, v in globals().items(): print(k, v)", "v()"],
    ["a pattern", "match a:", "    case [b, *c]: print(b, c)", "    case {'d': e}: print(e)"],
    ["an append in a class", "class A:", "    x = []", "    for i in range(3): x.append(i)"],
    [
      "names that are keywords elsewhere",
      "match[a]: int = 1",
      "case(b).run()",
      "match(a); x = {1: 2}",
      "print(match)",
    ],
    ["a command that grows", "c = ['git']", "c.append('status')", "import subprocess", "subprocess.run(c)"],
  ])("is clean: %s", (_, ...lines) => expect(verdict(...lines)).toBe("clean"));

  it("is through with loops in loops, lists and names in time", () => {
    const loops = Array.from({ length: 30 }, (_, at) => `${" ".repeat(at)}for i in x:`);
    expect(verdict("x = [1] * 16", "s = ''", ...loops, `${" ".repeat(30)}s += 'a'`)).toBe("clean");
    expect(verdict("l = []", "l.append(1)\n".repeat(30_000))).toBe("clean");
    expect(verdict("def f(): pass\n", "globals().items()\n".repeat(10_000))).toBe("clean");
    expect(verdict("a = 1\nb = 2\nc = 3", "a = [b, c, (a, b)]; c = len(a)\n".repeat(20_000))).toBe("clean");
    expect(verdict(`x = a${" + a".repeat(40_000)}`)).toBe("clean");
    expect(verdict("'%s'*1000%1\n".repeat(20_000))).toBe("clean");
  });
});

import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, text } from "../testing/assemble.js";

type Piece = Buffer;

function reduce(callee: Piece, ...args: Piece[]): Piece {
  return bytes(callee, "(", ...args, "tR");
}

function made(callee: Piece, state: Piece): Piece {
  return bytes(callee, ")", 0x81, state, "b");
}

function list(...items: Piece[]): Piece {
  return bytes("](", ...items, "e");
}

function dict(...items: Piece[]): Piece {
  return bytes("}(", ...items, "u");
}

function tuple(...items: Piece[]): Piece {
  return bytes("(", ...items, "t");
}

function builtin(name: string, ...args: Piece[]): Piece {
  return reduce(global("builtins", name), ...args);
}

const NONE = bytes("N");
const ZERO = bytes("K\x00");

function item(container: Piece, key: Piece): Piece {
  return reduce(global("_operator", "getitem"), container, key);
}

function partial(callee: Piece, ...args: Piece[]): Piece {
  return reduce(global("functools", "partial"), callee, ...args);
}

function defaultdict(...args: Piece[]): Piece {
  return reduce(global("collections", "defaultdict"), ...args);
}

function method(name: string): Piece {
  return builtin("getattr", reduce(global("pathlib", "PosixPath"), text("x")), text(name));
}

function mapped(callee: Piece, ...columns: Piece[]): Piece {
  return builtin("list", builtin("map", callee, ...columns));
}

function scan(value: Piece): { verdict: string; rules: string[] } {
  const { verdict, findings } = scanBytes(bytes(0x80, 4, value, "."), "model.pkl");
  return { verdict, rules: findings.map(({ rule }) => rule) };
}

const globals = item(
  mapped(
    item(list(global("builtins", "getattr")), ZERO),
    list(global("copyreg", "_reconstructor")),
    list(text("__globals__")),
  ),
  ZERO,
);

/** Allowed names only; each acts when CPython loads it. */
const CALLED: Record<string, Piece> = {
  "eval out of the globals of an allowed function": mapped(
    item(item(globals, text("__builtins__")), text("eval")),
    list(text("1")),
  ),
  "a method of a path": mapped(method("write_text"), list(text("x"))),
  "a method of an array": mapped(
    builtin("getattr", reduce(global("numpy", "array"), list(ZERO)), text("tofile")),
    list(text("x")),
  ),
  "a filter that something walks": builtin("all", builtin("filter", method("write_text"), list(text("x")))),
  "an instance that can be called": mapped(
    made(global("numpy", "vectorize"), dict(text("pyfunc"), method("write_text"))),
    list(text("x")),
  ),
  "an item that can be called": mapped(item(list(method("write_text")), ZERO), list(text("x"))),
  "the largest of functions": mapped(builtin("max", list(method("write_text"))), list(text("x"))),
  "a generic alias": mapped(
    reduce(global("types", "GenericAlias"), method("write_text"), tuple()),
    list(text("x")),
  ),
  "format of a text": mapped(builtin("getattr", text("{0.x}"), text("format")), list(ZERO)),
  "itemgetter and a factory": reduce(
    reduce(global("_operator", "itemgetter"), text("k")),
    defaultdict(partial(method("touch"))),
  ),
  "a factory that % calls": reduce(
    global("_operator", "mod"),
    text("%(k)s"),
    defaultdict(partial(method("touch"))),
  ),
  "a factory below a ChainMap": item(
    reduce(global("collections", "ChainMap"), defaultdict(partial(method("touch")))),
    text("k"),
  ),
  "a factory that its own pickles never call": defaultdict(partial(global("builtins", "print"), text("x"))),
  "a factory whose function is set later": bytes(
    0x80,
    4,
    partial(global("builtins", "list")),
    0x94,
    "0",
    defaultdict(bytes("h\x00")),
    "0h\x00",
    tuple(method("touch"), tuple(), NONE, NONE),
    "b",
  ),
  "a hook that an OrderedDict brings": made(
    global("argparse", "Namespace"),
    bytes(reduce(global("collections", "OrderedDict")), text("__setstate__"), method("write_text"), "s"),
  ),
  "a hook that a list of pairs brings": made(
    global("argparse", "Namespace"),
    reduce(global("collections", "OrderedDict"), list(list(text("__setstate__"), method("write_text")))),
  ),
  "an array that is made of a hook": reduce(
    global("numpy", "array"),
    made(global("types", "SimpleNamespace"), dict(text("__array__"), partial(method("touch")))),
  ),
};

describe("what allowed callables call", () => {
  for (const [name, value] of Object.entries(CALLED)) {
    it(`judges ${name}`, () => expect(scan(value).verdict).toBe("malicious"));
  }

  it("takes what hands out an object for one that is shared", () => {
    const shared = item(list(global("json.decoder", "JSONDecoder")), ZERO);
    const state = bytes(NONE, dict(text("decode"), global("builtins", "len")), 0x86);
    expect(scan(bytes(shared, state, "b")).rules).toEqual(["pickle-global-mutation"]);
    expect(scan(bytes(builtin("max", list(global("types", "SimpleNamespace"))), "}b")).rules).toEqual([
      "pickle-global-mutation",
    ]);
    expect(scan(bytes(item(list(list()), ZERO), text("k"), text("v"), "s")).rules).toEqual([
      "pickle-global-mutation",
    ]);
  });
});

const HONEST: Record<string, Piece> = {
  "a map over values": mapped(global("builtins", "str"), list(ZERO)),
  "a map over what other calls give": mapped(
    global("builtins", "len"),
    builtin("iter", list(list())),
    reduce(global("collections", "deque"), list()),
    builtin("zip", builtin("range", ZERO, ZERO)),
  ),
  "a map of a text's method": mapped(builtin("getattr", text(" "), text("strip")), list(text("x"))),
  "a map of a partial": mapped(partial(global("builtins", "int")), list(text("1"))),
  "an iterator over an array": builtin("iter", reduce(global("numpy", "array"), list(ZERO))),
  "a factory": defaultdict(global("builtins", "list")),
  "no factory": defaultdict(NONE),
  "a factory of factories": defaultdict(
    bytes(
      partial(global("collections", "defaultdict"), global("builtins", "int")),
      tuple(global("collections", "defaultdict"), tuple(global("builtins", "int")), dict(), NONE),
      "b",
    ),
  ),
  "a factory of arrays": defaultdict(partial(global("numpy", "zeros"), ZERO)),
  "a factory of somebody's own": defaultdict(partial(global("own.package", "make"), ZERO)),
  "a method of somebody's own as a factory": defaultdict(
    builtin("getattr", made(global("own.package", "Model"), dict()), text("make")),
  ),
  "an OrderedDict as a state": made(
    global("own.package", "Model"),
    bytes(
      reduce(global("collections", "OrderedDict"), list(list(text("append"), ZERO))),
      text("extend"),
      ZERO,
      "s",
    ),
  ),
  "an instance with values under the names of hooks": made(
    global("argparse", "Namespace"),
    dict(text("append"), ZERO, text("__dict__"), reduce(global("collections", "OrderedDict"))),
  ),
};

describe("what honest pickles call later", () => {
  for (const [name, value] of Object.entries(HONEST)) {
    it(`lets ${name} pass`, () => expect(scan(value).verdict).toBe("clean"));
  }
});

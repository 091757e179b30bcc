import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, text, u64 } from "../testing/assemble.js";

type Piece = Parameters<typeof bytes>[number];

const verdict = (...pieces: Piece[]): string => scanBytes(bytes(0x80, 4, ...pieces, "."), "m.pkl").verdict;
const reduce = (callee: Buffer, ...args: Piece[]): Buffer => bytes(callee, "(", ...args, "tR");
const built = (made: Buffer, ...items: Piece[]): Buffer => bytes(made, "}(", ...items, "ub");

const builtin = (name: string): Buffer => global("builtins", name);
/** `getattr`, so that a bound method is made of whatever object: of a class of somebody's own it is honest. */
const method = (of: Buffer, name: string): Buffer => reduce(builtin("getattr"), of, text(name));
const OWN = reduce(global("my.pkg", "Model"));
const PATH = reduce(global("pathlib", "PosixPath"), text("model"));
const PICKLED = "cposix\nsystem\n(S'id'\ntR.";
const bare = bytes(global("types", "SimpleNamespace"), ")", 0x81);
const armed = (key: string): Buffer => built(bare, text(key), method(OWN, "step"));
const itemOf = (value: Buffer): Buffer =>
  reduce(global("_operator", "getitem"), bytes("](", value, "e"), "K\0");

describe("a method that acts on files", () => {
  it.each([
    ["Path.touch", method(PATH, "touch")],
    ["Path.rename", method(PATH, "rename")],
    ["a path out of a list", method(itemOf(PATH), "replace")],
    ["Path.unlink by its class", global("pathlib", "Path.unlink")],
    ["ndarray.tofile", method(reduce(global("numpy", "array"), "](K\x01e"), "tofile")],
    ["DataFrame.to_csv", method(reduce(global("pandas", "DataFrame")), "to_csv")],
    ["Formatter.get_field", method(reduce(global("string", "Formatter")), "get_field")],
    ["Booster.save_model", method(bytes(global("xgboost.core", "Booster"), ")", 0x81), "save_model")],
    ["methodcaller", reduce(global("operator", "methodcaller"), text("touch"))],
  ])("is malicious as soon as it is bound: %s", (_, value) => expect(verdict(value)).toBe("malicious"));

  it.each([
    ["of somebody's own class", method(OWN, "touch")],
    ["that only reads", method(PATH, "joinpath")],
    ["of text", method(text("a"), "replace")],
  ])("is none: %s", (_, value) => expect(verdict(value)).toBe("clean"));
});

describe("a method that is called", () => {
  const factory = (of: Buffer, name: string, ...given: Piece[]): Buffer =>
    reduce(global("collections", "defaultdict"), partial(method(of, name), ...given));
  const partial = (of: Buffer, ...given: Piece[]): Buffer =>
    bytes(reduce(global("functools", "partial"), of), "(", of, "(", ...given, "t}Ntb");
  const drawn = bytes(global("random", "Random"), ")R");

  it("is malicious of a framework's class that by itself is no finding", () => {
    // CPython 3.11 with joblib 1.6 was seen to run the pickle in the bytes.
    const inner = bytes(0x8e, u64(PICKLED.length), PICKLED);
    const file = reduce(global("io", "BytesIO"), inner);
    const unpickler = reduce(global("joblib.numpy_pickle", "NumpyUnpickler"), text("x"), file, 0x88);
    expect(verdict(reduce(method(unpickler, "load")))).toBe("malicious");
  });

  it("is harmless where it draws a number", () => {
    // river 0.26: the factory of `cluster.KMeans` centers.
    expect(verdict(factory(drawn, "gauss", "K\0K\x01"))).toBe("clean");
    expect(verdict(factory(drawn, "shuffle", global("sys", "path")))).toBe("malicious");
    expect(verdict(factory(drawn, "gauss", OWN))).toBe("malicious");
  });

  it("is the same by the names of Python 2", () => {
    const rate = bytes(global("torch.optim.lr_scheduler", "OneCycleLR"), ")", 0x81);
    for (const module of ["builtins", "__builtin__"]) {
      const attribute = (of: Buffer): Buffer => reduce(global(module, "getattr"), of, text("_annealing_cos"));
      // torch 1.13: `state_dict()` of a scheduler that keeps its own method.
      expect(verdict(attribute(built(rate, text("anneal_func"), attribute(rate))))).toBe("clean");
    }
  });
});

describe("an instance that the file gave a function", () => {
  // CPython 3.11 was seen to call each attribute.
  it.each([
    ["keys", builtin("dict")],
    ["items", global("collections", "OrderedDict")],
    ["replace", global("uuid", "UUID")],
    ["split", global("string", "capwords")],
    ["items", global("graphlib", "TopologicalSorter")],
    ["items", global("http.cookies", "SimpleCookie")],
    ["__new__", global("copyreg", "__newobj__")],
    ["detach", global("torch.nn.parameter", "Parameter")],
    ["_sympy_", global("sympy", "Tuple")],
  ])("is asked for %s by an allowed call", (key, callee) => {
    expect(verdict(reduce(callee, armed(key)))).toBe("malicious");
    expect(verdict(reduce(callee, bare))).toBe("clean");
  });

  it("is asked for its items as a state, by the Python unpickler", () => {
    expect(verdict(OWN, armed("items"), "b")).toBe("malicious");
  });

  it("may be a dictionary or a set that calls what it holds", () => {
    const factory = reduce(global("collections", "defaultdict"));
    const late = bytes(factory, "N}", text("default_factory"), method(OWN, "step"), "s", 0x86, "b");
    expect(verdict(late)).toBe("malicious");
    const set = bytes(global("weakref", "WeakSet"), ")", 0x81);
    const called = built(set, text("data"), bytes("](", method(OWN, "step"), "e"));
    expect(verdict(reduce(builtin("list"), called))).toBe("malicious");
  });

  it("may come out of a list, or be data of an index", () => {
    expect(verdict(reduce(builtin("dict"), itemOf(armed("keys"))))).toBe("malicious");
    const index = global("pandas.core.indexes.base", "Index");
    const data = bytes("}", text("data"), armed("view"), "s");
    expect(verdict(reduce(global("pandas.core.indexes.base", "_new_Index"), index, data))).toBe("malicious");
  });

  it("may take it as an argument by name", () => {
    const spread = bytes("}", text("keys"), method(OWN, "step"), "s");
    const named = bytes(global("argparse", "Namespace"), ")", spread, 0x92);
    expect(verdict(reduce(builtin("dict"), named))).toBe("malicious");
  });

  it("is honest where nothing asks it", () => {
    expect(verdict(armed("callback"))).toBe("clean");
    expect(verdict(method(armed("callback"), "run"))).toBe("clean");
    expect(
      verdict(reduce(global("collections", "OrderedDict"), bytes("](](", text("a"), armed("f"), "ee"))),
    ).toBe("clean");
    expect(verdict(reduce(global("functools", "partial"), global("my.pkg", "run"), armed("f")))).toBe(
      "clean",
    );
  });
});

describe("a second argument that is called with the first", () => {
  it.each(["__generator_ctor", "__randomstate_ctor"])("numpy.random._pickle.%s", (name) => {
    const callee = global("numpy.random._pickle", name);
    expect(verdict(reduce(callee, text("PCG64"), method(OWN, "step")))).toBe("malicious");
    const honest = global("numpy.random._pickle", "__bit_generator_ctor");
    expect(verdict(reduce(callee, text("PCG64"), honest))).toBe("clean");
  });
});

describe("text that loading computes", () => {
  const abs = global("sympy", "Abs");
  const half = [text("open('x'"), text(",'w')")] as const;
  it.each([
    ["operator.add", reduce(abs, reduce(global("_operator", "add"), ...half))],
    ["str", reduce(abs, reduce(builtin("str"), text("open('x','w')")))],
    ["an item", reduce(abs, itemOf(text("open('x','w')")))],
    ["a path", reduce(abs, reduce(global("pathlib", "PurePosixPath"), text("open('x','w')")))],
    ["keys", reduce(abs, reduce(builtin("dict.fromkeys"), bytes("](", text("open('x','w')"), "e")))],
    ["a tuple", bytes(abs, reduce(builtin("tuple"), bytes("](", text("open('x','w')"), "e")), "R")],
    ["a class of nobody", reduce(global("my.pkg", "Shape"), reduce(global("_operator", "add"), ...half))],
    [
      "the name of a program, of a framework",
      reduce(global("sympy.printing.preview", "Popen"), text("poweroff")),
    ],
    ["a directory", reduce(global("joblib", "Memory"), text("cache"))],
    ["the name of a program", reduce(global("my.pkg", "Popen"), text("poweroff"))],
  ])("is nothing that an honest class is given: %s", (_, value) => expect(verdict(value)).toBe("malicious"));

  const data = bytes(global("statsmodels.base.data", "ModelData"), ")", 0x81);
  const payload = bytes('(S"x"\nios\nmkdir\n.');
  const wrapper = bytes(global("gymnasium.vector.utils", "CloudpickleWrapper"), ")", 0x81);
  it.each([
    [
      "a formula in pairs",
      bytes(data, reduce(builtin("dict"), bytes("](", text("formula"), text("y"), 0x86, "e")), "b"),
    ],
    ["a pickle without a mark", bytes(wrapper, "C", payload.length, payload, "b")],
    ["a pickle in pieces", bytes(wrapper, reduce(global("_operator", "add"), "C\x01a", "C\x01b"), "b")],
  ])("is no state: %s", (_, value) => expect(verdict(value)).toBe("malicious"));
});

describe("what a table has called again when it is unpickled", () => {
  const table = (name: string): string =>
    verdict(
      built(
        bytes(global("datasets.table", "MemoryMappedTable"), ")", 0x81),
        text("replays"),
        bytes("]((", text(name), ")}te"),
      ),
    );
  it("is a method of tables, or malicious", () => {
    expect(table("slice")).toBe("clean");
    expect(table("__reduce_ex__")).toBe("malicious");
  });

  it("a formula counts by whatever module a class is named", () => {
    const made = bytes(global("statsmodels.base.model", "data.ModelData"), ")", 0x81);
    expect(verdict(built(made, text("formula"), text("y ~ f(x)")))).toBe("malicious");
    expect(verdict(built(made, text("formula"), text("y ~ np.log(x)")))).toBe("clean");
    // As statsmodels' Bunch is pickled: its own state.
    expect(verdict(global("statsmodels.tools.tools", "Bunch"), ")R2b")).toBe("clean");
  });
});

import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, call, global, PAYLOAD, text } from "../testing/assemble.js";

const verdict = (data: Uint8Array): string => scanBytes(data, "model.pkl").verdict;
const pickle = (...pieces: Parameters<typeof bytes>): Buffer => bytes(0x80, 4, ...pieces, ".");

const FIRE = global("my.pkg", "fire");
const LIST = global("builtins", "list");
const made = (module: string, name: string): Buffer => bytes(global(module, name), ")", 0x81);

/**
 * Calls that go through names on allow lists or through the state of classes. Most were loaded in a throw-away CPython
 * 3.11 with a harmless function in place of `my.pkg.fire`, and the function ran (or the named directory was gone); those
 * of nltk, skorch and spaCy, and of functions that get pickled bytes, follow the libraries' sources.
 */
const ACTING: Record<string, Buffer> = {
  "map that NEWOBJ makes": pickle(
    LIST,
    global("builtins", "map"),
    FIRE,
    "](",
    text("a"),
    "e",
    0x86,
    0x81,
    0x85,
    "R",
  ),
  "filter that NEWOBJ_EX makes": pickle(
    LIST,
    global("builtins", "filter"),
    FIRE,
    "](",
    text("a"),
    "e",
    0x86,
    "}",
    0x92,
    0x85,
    "R",
  ),
  "starmap that NEWOBJ makes": pickle(
    LIST,
    global("itertools", "starmap"),
    FIRE,
    "](",
    text("a"),
    0x85,
    "e",
    0x86,
    0x81,
    0x85,
    "R",
  ),
  "accumulate, whose function comes second": pickle(
    LIST,
    global("itertools", "accumulate"),
    "](",
    text("a"),
    text("b"),
    "e",
    FIRE,
    0x86,
    "R",
    0x85,
    "R",
  ),
  "a key function among a partial's keywords": pickle(
    global("functools", "partial"),
    global("builtins", "sorted"),
    0x85,
    "R(",
    global("builtins", "sorted"),
    "](",
    text("a"),
    text("b"),
    "e",
    0x85,
    "}",
    text("key"),
    FIRE,
    "sNtb)R",
  ),
  "map over a function that is allowed for some arguments": pickle(
    LIST,
    global("builtins", "map"),
    global("builtins", "getattr"),
    "]",
    0x86,
    "R",
    0x85,
    "R",
  ),
  "reduce over an unknown function": pickle(
    global("functools", "reduce"),
    FIRE,
    "](",
    text("a"),
    text("b"),
    "e",
    0x86,
    "R",
  ),
  "a replacement function of re.sub": pickle(global("re", "sub"), text("."), FIRE, text("a"), 0x87, "R"),
  "statsmodels' formula": pickle(
    made("statsmodels.base.data", "ModelData"),
    "}(",
    text("formula"),
    text("y ~ I(open('x', 'a').write('x'))"),
    text("restore_model_spec"),
    0x88,
    "ub",
  ),
  "a directory that a callback removes when it goes": pickle(
    made("transformers.integrations.integration_utils", "NeptuneCallback"),
    "}",
    text("_volatile_checkpoints_dir"),
    text("checkpoints"),
    "sb",
  ),
  "a module that nltk imports lazily": pickle(made("nltk.lazyimport", "LazyModule"), "}", text("a"), "Nsb"),
  "a pickle in the state of a wrapper": pickle(
    made("gymnasium.vector.utils.misc", "CloudpickleWrapper"),
    "C",
    PAYLOAD.length,
    PAYLOAD,
    "b",
  ),
  "a pickle in the attributes of a class": pickle(
    made("skorch.net", "NeuralNet"),
    "}",
    text("__cuda_dependent_attributes__"),
    "C",
    PAYLOAD.length,
    PAYLOAD,
    "sb",
  ),
  "a pickle that spaCy unpickles": pickle(
    global("spacy.vocab", "unpickle_vocab"),
    "(NNNN",
    "C",
    PAYLOAD.length,
    PAYLOAD,
    "NNtR",
  ),
  "a pickle for a function that nobody knows": pickle(
    global("my.pkg", "restore"),
    "C",
    PAYLOAD.length,
    PAYLOAD,
    0x85,
    "R",
  ),
};

describe("what was seen to act in CPython", () => {
  it.each(Object.entries(ACTING))("%s is malicious", (_, data) => expect(verdict(data)).toBe("malicious"));

  it("a defaultdict's factory that getitem calls is no plain data", () => {
    const dictionary = bytes(global("collections", "defaultdict"), FIRE, 0x85, "R");
    expect(verdict(pickle(global("operator", "getitem"), dictionary, text("k"), 0x86, "R"))).toBe(
      "suspicious",
    );
    expect(verdict(pickle(dictionary))).toBe("clean");
  });
});

describe("a class of a module that is dangerous as a whole", () => {
  const LOADER = global("torchvision.datasets.folder", "ImageFolder");
  const bound = bytes(global("functools", "partial"), LOADER, text("x"), 0x86, "R");

  it("is plain data as a reference and as an empty instance", () => {
    expect(verdict(pickle(LOADER))).toBe("clean");
    expect(verdict(pickle(LOADER, ")", 0x81, "}", text("root"), text("x"), "sb"))).toBe("clean");
  });

  it.each([
    ["called", bytes(LOADER, text("x"), 0x85, "R")],
    ["called through partial", bytes(bound, ")R")],
    [
      "called as a factory",
      bytes(
        global("operator", "getitem"),
        global("collections", "defaultdict"),
        bound,
        0x85,
        "R",
        text("k"),
        0x86,
        "R",
      ),
    ],
    [
      "called by map",
      bytes(LIST, global("builtins", "map"), LOADER, "](", text("x"), "e", 0x86, "R", 0x85, "R"),
    ],
    ["called as an instance", bytes(LOADER, ")", 0x81, text("x"), 0x85, "R")],
  ])("is malicious when it is %s", (_, data) => expect(verdict(pickle(data))).toBe("malicious"));
});

describe("dill and cloudpickle", () => {
  it.each([
    ["dill._dill", "_load_type", "int", "clean"],
    ["dill._dill", "_load_type", "CodeType", "malicious"],
    ["dill._dill", "_load_type", "eval", "malicious"],
    ["dill._dill", "_eval_repr", "range(0, 3)", "clean"],
    ["dill._dill", "_eval_repr", "__import__('os').system('id')", "malicious"],
    ["dill._dill", "_import_module", "numpy", "clean"],
    ["dill._dill", "_import_module", "os", "malicious"],
    ["dill._dill", "_create_function", "x", "malicious"],
    ["cloudpickle.cloudpickle", "_builtin_type", "GenericAlias", "clean"],
    ["cloudpickle.cloudpickle", "_builtin_type", "CodeType", "malicious"],
    ["cloudpickle.cloudpickle", "subimport", "subprocess", "malicious"],
    ["cloudpickle.cloudpickle", "_make_skeleton_class", "x", "malicious"],
  ])("%s.%s(%j) is %s", (module, name, argument, expected) =>
    expect(verdict(call(module, name, argument))).toBe(expected),
  );

  it("what a module is asked for is judged", () => {
    const attribute = (name: string): Buffer =>
      pickle(
        global("dill._dill", "_get_attr"),
        global("dill._dill", "_import_module"),
        text("numpy"),
        0x85,
        "R",
        text(name),
        0x86,
        "R",
        text("x"),
        0x85,
        "R",
      );
    expect(verdict(attribute("load"))).toBe("malicious");
    expect(verdict(attribute("eval"))).toBe("malicious");
    expect(verdict(attribute("dtype"))).toBe("clean");
  });
});

describe("objects of classes that the scanner does not know", () => {
  it.each([
    ["a member of an enumeration", bytes(global("my.pkg", "Colour"), "K\x01", 0x85, "R"), "clean"],
    [
      "a class that rebuilds itself from data",
      bytes(global("my.pkg", "Matrix"), "]K\x02", 0x86, "R"),
      "clean",
    ],
    ["a function named for rebuilding", bytes(global("my.pkg", "_reconstruct"), "]", 0x85, "R"), "clean"],
    [
      "a class that is given a path",
      bytes(global("my.pkg", "Reader"), text("data/x"), 0x85, "R"),
      "suspicious",
    ],
    [
      "a class that is given a command",
      bytes(global("my.pkg", "Run"), text("curl x | sh"), 0x85, "R"),
      "malicious",
    ],
    ["a function", bytes(global("my.pkg", "prepare"), "K\x01", 0x85, "R"), "suspicious"],
    ["a function that says what it does", bytes(global("my.pkg", "run_it"), "K\x01", 0x85, "R"), "malicious"],
    [
      "__new__ that copyreg's callers bind",
      bytes(global("my.pkg", "A.__new__"), global("my.pkg", "A"), 0x85, "R"),
      "clean",
    ],
  ])("%s", (_, data, expected) => expect(verdict(pickle(data))).toBe(expected));
});

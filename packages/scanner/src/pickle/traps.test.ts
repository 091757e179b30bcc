import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, call, global, PAYLOAD, text, u32, u64 } from "../testing/assemble.js";

function rules(data: Uint8Array): string[] {
  return scanBytes(data, "model.pkl").findings.map(({ rule }) => rule);
}

function verdict(data: Uint8Array): string {
  return scanBytes(data, "model.pkl").verdict;
}

/** Each hides a call from scanners that follow opcode arguments instead of the machine. */
const TRAPS: Record<string, Buffer> = {
  "a plain call": PAYLOAD,
  "protocol 0 text": bytes("cos\nsystem\n(S'echo pwned'\ntR."),
  "Python 2 names": bytes("c__builtin__\neval\n(S'1'\ntR."),
  INST: bytes("(S'echo pwned'\nios\nsystem\n."),
  OBJ: bytes(0x80, 2, "(cos\nsystem\nX", u32(2), "ls", "o."),
  "OBJ hidden by POP": bytes(0x80, 4, "(", global("os", "system"), text("ls"), "o0N."),
  "MEMOIZE after POP": bytes(
    0x80,
    4,
    text("os"),
    text("x"),
    "0",
    0x94,
    "0",
    text("system"),
    text("y"),
    "0",
    0x94,
    "0",
    "h\x00h\x01",
    0x93,
    text("ls"),
    0x85,
    "R.",
  ),
  "STACK_GLOBAL fed by STRING": bytes("S'os'\nS'system'\n", 0x93, "S'ls'\n", 0x85, "R."),
  "STACK_GLOBAL fed by UNICODE escapes": bytes("V\\u006fs\nV\\u0073ystem\n", 0x93, "(Vls\ntR."),
  "STACK_GLOBAL fed by STRING escapes": bytes("S'\\x6fs'\nS'\\163ystem'\n", 0x93, "(Vls\ntR."),
  "PUT with an odd number": bytes("Vos\np 0_1\n0Vsystem\np+2\n0g1\ng2\n", 0x93, "(Vls\ntR."),
  "a dotted walk": bytes(0x80, 4, global("torch", "os.system"), text("ls"), 0x85, "R."),
  "a walk through an allowed class": bytes(
    0x80,
    4,
    global("collections", "OrderedDict.__init__.__globals__"),
    ")R.",
  ),
  "a call of __call__": bytes(0x80, 4, global("builtins", "eval.__call__"), text("1"), 0x85, "R."),
  "getattr of an import": bytes(
    0x80,
    4,
    global("builtins", "getattr"),
    global("importlib", "import_module"),
    text("os"),
    0x85,
    "R",
    text("system"),
    0x86,
    "R",
    text("ls"),
    0x85,
    "R.",
  ),
  "EXT from a registry that the file fills": bytes(
    0x80,
    4,
    global("copyreg", "add_extension"),
    text("os"),
    text("system"),
    "K\xf0",
    0x87,
    "R0",
    0x82,
    0xf0,
    text("ls"),
    0x85,
    "R.",
  ),
  "a call of an unknown EXT code": bytes(0x80, 2, 0x82, 7, "(Vls\ntR."),
  "BUILD that plants __setstate__": bytes(
    0x80,
    4,
    global("argparse", "Namespace"),
    ")",
    0x81,
    "}",
    text("__setstate__"),
    global("os", "system"),
    "sb",
    text("ls"),
    "b.",
  ),
  "BUILD that plants append": bytes(
    0x80,
    4,
    global("argparse", "Namespace"),
    ")",
    0x81,
    "}",
    text("append"),
    global("my.pkg", "fire"),
    "sb",
    text("ls"),
    "a.",
  ),
  "BUILD on a module": bytes(0x80, 4, global("torch", "_utils"), "}", text("x"), "K\x01", "sb."),
  "SETITEM on an import": bytes(0x80, 4, global("my.pkg", "registry"), text("x"), "K\x01", "s."),
  "a nested pickle": bytes(
    0x80,
    4,
    global("torch.storage", "_load_from_bytes"),
    "C",
    PAYLOAD.length,
    PAYLOAD,
    0x85,
    "R.",
  ),
  "a nested pickle in protocol 2": bytes(
    0x80,
    2,
    "ctorch.storage\n_load_from_bytes\nc_codecs\nencode\nX",
    u32(29),
    "cos\nsystem\n(S'echo pwned'\ntR.",
    "X",
    u32(6),
    "latin1",
    0x86,
    "R",
    0x85,
    "R.",
  ),
  "a broken tail": bytes(PAYLOAD.subarray(0, -1), 0xff, 0xff),
  "a second stream": bytes(0x80, 4, "N.", PAYLOAD),
  "a second stream in text": bytes(0x80, 4, "N.", "cos\nsystem\n(S'ls'\ntR."),
  "functools.partial that is called": bytes(
    0x80,
    4,
    global("functools", "partial"),
    global("os", "system"),
    text("ls"),
    0x86,
    "R)R.",
  ),
  "functools.partial whose function BUILD replaces": bytes(
    0x80,
    4,
    global("functools", "partial"),
    global("builtins", "int"),
    0x85,
    "R(",
    global("my.pkg", "run_cmd"),
    text("ls"),
    0x85,
    "}Ntb)R.",
  ),
  "operator.methodcaller": call("operator", "methodcaller", "system"),
  "map over a dangerous function": bytes(
    0x80,
    4,
    global("builtins", "map"),
    global("os", "system"),
    "]",
    0x86,
    "R.",
  ),
  "numpy's ufunc importer": bytes(
    0x80,
    4,
    global("numpy.core", "_ufunc_reconstruct"),
    text("os"),
    text("system"),
    0x86,
    "R",
    text("ls"),
    0x85,
    "R.",
  ),
  "torch's type rebuilder": bytes(
    0x80,
    4,
    global("torch._tensor", "_rebuild_from_type_v2"),
    "(",
    global("os", "system"),
    global("torch", "Tensor"),
    text("ls"),
    0x85,
    "NtR.",
  ),
  "copyreg with a base that acts": bytes(
    0x80,
    4,
    global("copyreg", "_reconstructor"),
    global("my.pkg", "A"),
    global("subprocess", "Popen"),
    text("ls"),
    0x87,
    "R.",
  ),
  "a class made by type": bytes(0x80, 4, global("builtins", "type"), text("X"), ")}", 0x87, "R."),
  "six.moves": call("six.moves.builtins", "eval", "1"),
  "a vendored copy": call("pip._vendor.requests", "get", "x"),
  // By their libraries' sources: bind a socket, make a directory, run a program, unpickle another file.
  "Python's class by the name in a framework": call("sklearn.callback._transport", "Listener", "x"),
  "joblib's class by the name in a framework": call("hdbscan.hdbscan_", "Memory", "cache"),
  "a dangerous class by the name of its package": call("nltk", "HunposTagger", "x"),
  "a corpus by the name of its package": call("gensim.corpora", "IndexedCorpus", "x"),
  "numpy under its new name": call("numpy._core.tests", "run", "1"),
  "a name with marks of another script": call("ｏs", "system"),
  "a frame longer than the file": bytes(0x80, 4, 0x95, u64(1000), PAYLOAD.subarray(2)),
};

describe("traps", () => {
  for (const [name, data] of Object.entries(TRAPS)) {
    it(`alarms at ${name}`, () => expect(verdict(data)).toBe("malicious"));
  }

  it("says of a storage of optuna that loading connects it", () => {
    const storage = bytes(global("optuna.storages._rdb.storage", "RDBStorage"), ")", 0x81);
    const state = bytes("}", text("url"), text("sqlite:///study.db"), "s");
    expect(verdict(bytes(0x80, 4, storage, state, "b."))).toBe("suspicious");
    expect(verdict(bytes(0x80, 4, global("optuna.study", "Study"), ")", 0x81, state, "b."))).toBe("clean");
  });

  it("reports a frame that an opcode straddles", () => {
    expect(rules(bytes(0x80, 4, 0x95, u64(3), text("abcdef"), "."))).toContain("pickle-frame");
  });

  it("reports a frame inside a frame", () => {
    expect(rules(bytes(0x80, 4, 0x95, u64(20), 0x95, u64(1), "N", text("abcdef"), "0."))).toContain(
      "pickle-frame",
    );
  });

  it("keeps findings from before the break, and says that it broke", () => {
    const found = rules(bytes(PAYLOAD.subarray(0, -1), 0xff));
    expect(found).toContain("pickle-dangerous-call");
    expect(found).toContain("pickle-broken");
  });

  it("makes one finding of one root cause", () => {
    const twice = bytes(PAYLOAD.subarray(0, -1), "0", PAYLOAD.subarray(2));
    expect(rules(twice)).toEqual(["pickle-dangerous-call"]);
  });

  it("finds a pickle hidden behind garbage", () => {
    const report = scanBytes(bytes(0x80, 4, "N.", 0, 0xff, 0, PAYLOAD), "m.pkl");
    expect(report.findings.map(({ rule }) => rule)).toContain("hidden-pickle");
    expect(report.verdict).toBe("suspicious");
  });

  it("says incomplete for a pickle that breaks", () => {
    expect(verdict(bytes(0x80, 4, "]", 0x94, "("))).toBe("incomplete");
  });

  it("names the offset of the opcode that calls", () => {
    const [finding] = scanBytes(PAYLOAD, "m.pkl").findings;
    expect(finding?.location.offset).toBe(PAYLOAD.length - 2);
  });
});

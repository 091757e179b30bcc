import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, PAYLOAD, text, u32 } from "../testing/assemble.js";

const verdict = (data: Uint8Array, name = "model.pkl"): string => scanBytes(data, name).verdict;
const pickle = (...pieces: Parameters<typeof bytes>): Buffer => bytes(0x80, 4, ...pieces, ".");
const blob = (data: Uint8Array): Buffer => bytes("B", u32(data.length), data);

describe("a function that is called with one of the arguments", () => {
  const rebuild = global("torch._tensor", "_rebuild_from_type_v2");
  const load = global("torch.storage", "_load_from_bytes");
  const type = global("torch", "Tensor");

  it("is judged with the third, as torch calls it", () => {
    const plain = bytes(blob(bytes(0x80, 2, "N.")), 0x85);
    const evil = blob(PAYLOAD);
    expect(verdict(pickle(rebuild, "(", load, type, evil, 0x85, plain, "tR"))).toBe("malicious");
    expect(verdict(pickle(rebuild, "(", load, type, plain, evil, 0x85, "tR"))).toBe("clean");
  });

  it("takes a tuple, or no list proves it harmless", () => {
    const plain = bytes(blob(bytes(0x80, 2, "N.")), 0x85);
    expect(verdict(pickle(rebuild, "(", load, type, "](", blob(PAYLOAD), "e", plain, "tR"))).toBe(
      "malicious",
    );
  });
});

describe("the bytes that spaCy unpickles", () => {
  const unpickle = global("spacy.tokens.doc", "unpickle_doc");

  it("are a pickle, whatever opcode they begin with", () => {
    const hidden = bytes(0x88, "0", PAYLOAD.subarray(2));
    expect(verdict(pickle(unpickle, "N", blob(hidden), "C\x01x", 0x87, "R"))).toBe("malicious");
  });

  it("are part of the file", () => {
    const computed = bytes(global("builtins", "bytes"), blob(PAYLOAD), 0x85, "R");
    expect(verdict(pickle(unpickle, "N", computed, "C\x01x", 0x87, "R"))).toBe("malicious");
    expect(verdict(pickle(unpickle, "N", blob(bytes(0x80, 4, "N.")), "C\x01\x80", 0x87, "R"))).toBe("clean");
  });
});

describe("an array block of joblib", () => {
  const wrapper = global("joblib.numpy_pickle", "NumpyArrayWrapper");
  const dtype = bytes(global("numpy", "dtype"), text("i8"), 0x89, 0x88, 0x87, "R");
  const state = bytes(
    "}(",
    text("subclass"),
    global("numpy", "ndarray"),
    text("shape"),
    "K\x01",
    0x85,
    text("order"),
    text("C"),
    text("dtype"),
    dtype,
    text("allow_mmap"),
    0x89,
    "u",
  );
  const evil = bytes(PAYLOAD.subarray(2, -1), "0N.");
  // Eight bytes of an array for joblib; for pickle.load a constant that hides what follows.
  const block = bytes("B", u32(3 + evil.length), 0, 0, 0, evil, ".");
  const file = (made: Uint8Array, given: Uint8Array): Buffer => bytes(0x80, 4, made, given, "b", block);
  const made = bytes(wrapper, ")", 0x81);

  it.each([
    ["made by NEWOBJ", made, state],
    ["made by copyreg", bytes(global("copyreg", "__newobj__"), wrapper, 0x85, "R"), state],
    [
      "made by its __new__",
      bytes(global("joblib.numpy_pickle", "NumpyArrayWrapper.__new__"), wrapper, 0x85, "R"),
      state,
    ],
    ["with its state in a pair", made, bytes("N", state, 0x86)],
  ])("is skipped as joblib does when the wrapper is %s", (_, instance, given) =>
    expect(verdict(file(instance, given), "model.joblib")).toBe("malicious"),
  );

  it("of unknown size leaves the scan incomplete", () => {
    const handed = bytes(global("builtins", "max"), "](", made, "e", 0x85, "R");
    expect(verdict(file(handed, state), "model.joblib")).not.toBe("clean");
    expect(verdict(file(made, bytes("N")), "model.joblib")).toBe("incomplete");
  });

  it("names no file elsewhere", () => {
    const compat = global("joblib.numpy_pickle_compat", "NDArrayWrapper");
    const named = bytes("}", text("filename"), text("../x.npy"), "s");
    const copied = bytes(global("copyreg", "__newobj__"), compat, 0x85, "R");
    expect(verdict(pickle(copied, named, "b"), "model.joblib")).toBe("malicious");
    expect(verdict(pickle(compat, ")", 0x81, "N", named, 0x86, "b"), "model.joblib")).toBe("malicious");
  });
});

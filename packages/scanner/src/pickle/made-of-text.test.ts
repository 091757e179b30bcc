import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, text } from "../testing/assemble.js";

const verdict = (data: Uint8Array): string => scanBytes(data, "model.pkl").verdict;
const pickle = (...pieces: Parameters<typeof bytes>): Buffer => bytes(0x80, 4, ...pieces, ".");

const of = (module: string, name: string, texts: string[], how: number): Buffer =>
  pickle(global(module, name), "(", ...texts.map(text), "t", how);
const called = (module: string, name: string, ...texts: string[]): string =>
  verdict(of(module, name, texts, 0x52));
const made = (module: string, name: string, ...texts: string[]): string =>
  verdict(of(module, name, texts, 0x81));

describe("a class of a framework that is given text", () => {
  it.each([
    ["sympy", "Abs", ["open('x','w')"]],
    ["sympy", "Abs", ["__import__('os').mkdir('x')"]],
    ["sympy.functions.elementary.complexes", "Abs", ["f (x)"]],
    ["h5py", "File", ["model", "w"]],
    ["torch._C", "PyTorchFileWriter", ["model"]],
    ["torchtext.vocab", "GloVe", ["6B"]],
    ["keras.src.layers", "TFSMLayer", ["abc"]],
    ["cv2", "VideoWriter", ["abc"]],
  ])("%s.%s called with %j is malicious", (module, name, texts) =>
    expect(called(module, name, ...texts)).toBe("malicious"),
  );

  it.each([
    ["trl", "SFTTrainer", ["gpt2"]],
    ["xgboost.core", "Booster", ["abc"]],
    ["sentence_transformers", "CrossEncoder", ["abc"]],
    ["transformers", "TextGenerationPipeline", ["gpt2"]],
  ])("%s.%s called with %j is suspicious", (module, name, texts) =>
    expect(called(module, name, ...texts)).toBe("suspicious"),
  );

  it("is no plain instance when NEWOBJ gives it code", () => {
    expect(made("sympy", "Abs", "__import__('os').mkdir('x')")).toBe("malicious");
    expect(made("pyarrow", "OSFile", "model", "w")).toBe("malicious");
    expect(made("torch.nn", "Linear", "open('x', 'w')")).toBe("malicious");
    const copied = pickle(global("copyreg", "__newobj__"), global("sympy", "Abs"), text("f('x')"), 0x86, "R");
    expect(verdict(copied)).toBe("malicious");
  });

  it("may be a name, a member of an enumeration or a named tuple", () => {
    expect(made("sympy.core.symbol", "Symbol", "f(x)")).toBe("clean");
    expect(made("sympy.core.numbers", "Float", "0.25")).toBe("clean");
    expect(made("nltk.text", "ConcordanceLine", "he would open the door (slowly)")).toBe("clean");
    expect(made("torch._C", "PyTorchFileReader")).toBe("clean");
    expect(called("transformers.trainer_utils", "IntervalStrategy", "steps")).toBe("clean");
    expect(called("my.pkg", "Colour", "red (dark)")).toBe("clean");
    expect(made("my.pkg", "Text", "open('x') reads a file")).toBe("clean");
  });
});

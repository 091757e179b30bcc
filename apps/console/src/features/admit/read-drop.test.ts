import { describe, expect, it } from "vitest";
import { arrange, nameFrom } from "./read-drop.js";

const file = (path: string) => ({ path, data: new File(["x"], path.split("/").at(-1) ?? "") });
const paths = (...given: string[]) => arrange(given.map(file)).files.map(({ path }) => path);

describe("what was dropped", () => {
  it("takes a single folder as the model and its name as the model's", () => {
    const picked = arrange([file("credit/b/weights.bin"), file("credit/a.json")]);
    expect(picked.name).toBe("credit");
    expect(picked.files.map(({ path }) => path)).toEqual(["a.json", "b/weights.bin"]);
  });

  it("names a single file without its ending", () => {
    expect(arrange([file("digits.v2.onnx")]).name).toBe("digits.v2");
  });

  it("leaves version control out", () => {
    expect(paths("m/.git/HEAD", "m/.gitignore", "m/model.onnx", "m/sub/.gitignore")).toEqual([
      "model.onnx",
      "sub/.gitignore",
    ]);
  });

  it("makes a name that the server takes", () => {
    expect(nameFrom("  my model (2).bin")).toBe("my-model-2-.bin");
    expect(nameFrom("…")).toBe("");
  });
});

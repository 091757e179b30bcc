import { describe, expect, it } from "vitest";
import { classify, FRAMEWORKS } from "./classify.js";
import { PYTHON } from "./python.js";
import { STDLIB } from "./stdlib-modules.js";

describe("classify", () => {
  it.each([
    ["collections", "OrderedDict", "safe"],
    ["__builtin__", "set", "safe"],
    ["numpy._core.multiarray", "_reconstruct", "safe"],
    ["builtins", "ValueError", "safe"],
    ["typing", "Any", "safe"],
    ["sklearn.tree._tree", "Tree", "class"],
    ["torch.nn.modules.linear", "Linear", "class"],
    ["sklearn._loss._loss", "__pyx_unpickle_CyHalfBinomialLoss", "safe"],
    ["os", "system", "dangerous"],
    ["posix", "system", "dangerous"],
    ["os.path", "join", "dangerous"],
    ["builtins", "eval", "dangerous"],
    ["builtins", "eval.__call__", "dangerous"],
    ["commands", "getoutput", "dangerous"],
    ["collections", "_sys.modules.get", "dangerous"],
    ["torch", "os.system", "dangerous"],
    ["torch.serialization", "load", "dangerous"],
    ["some.pkg.vendor.subprocess", "run", "dangerous"],
    ["typing", "ForwardRef", "unproven"],
    ["uuid", "getnode", "unproven"],
    ["torch.nn.modules.module", "register_module_forward_hook", "unproven"],
    ["my.package", "Model", "unknown"],
    ["code.models", "Net", "unknown"],
    ["test_models", "Net", "unknown"],
  ])("%s.%s is %s", (module, name, level) => expect(classify(module, name).level).toBe(level));

  it("keeps allow lists free of what is dangerous, and gives each entry a reason", () => {
    for (const { module, names, why } of [...PYTHON, ...FRAMEWORKS.flatMap(({ allow }) => allow)]) {
      expect(why, module).not.toBe("");
      for (const name of names.split(/\s+/))
        expect(classify(module, name).level, `${module}.${name}`).toBe("safe");
    }
  });

  it("gives each framework a source and packages that are no part of Python", () => {
    for (const { source, packages } of FRAMEWORKS) {
      expect(source).not.toBe("");
      for (const name of packages) expect(STDLIB.has(name), name).toBe(false);
    }
  });

  it("lists no name twice with different checks", () => {
    const seen = new Map<string, string>();
    for (const { module, names, check } of [...PYTHON, ...FRAMEWORKS.flatMap(({ allow }) => allow)]) {
      for (const name of names.split(/\s+/)) {
        const path = `${module}.${name}`;
        expect(seen.get(path) ?? check ?? "", path).toBe(check ?? "");
        seen.set(path, check ?? "");
      }
    }
  });
});

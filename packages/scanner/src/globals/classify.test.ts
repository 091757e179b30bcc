import { describe, expect, it } from "vitest";
import { classify } from "./classify.js";

describe("classify", () => {
  it.each([
    ["collections", "OrderedDict", "safe"],
    ["__builtin__", "set", "safe"],
    ["numpy._core.multiarray", "_reconstruct", "safe"],
    ["builtins", "ValueError", "safe"],
    ["builtins", "Exception", "safe"],
    ["exceptions", "Warning", "safe"],
    ["builtins", "memoryview", "safe"],
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
});

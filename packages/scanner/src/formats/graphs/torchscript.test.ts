import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytes, zip } from "../../testing/assemble.js";

/** As `torch.jit.save` lays a module out, with the code that `forward` was compiled to. */
function model(statement: string): Buffer {
  const code = `class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    ${statement}\n    return x\n`;
  return zip(
    { name: "m/data.pkl", data: bytes(0x80, 2, "c__torch__\nM\n)\x81}b.") },
    { name: "m/code/__torch__.py", data: Buffer.from(code) },
    { name: "m/constants.pkl", data: bytes(0x80, 2, ").") },
    { name: "m/version", data: Buffer.from("3\n") },
  );
}

const verdict = (statement: string): string => scanBytes(model(statement), "m.pt").verdict;

describe("TorchScript", () => {
  // torch.jit.script of torch 1.13 compiled the first two of torch, and calling the loaded module made the files.
  it.each([
    'ops.aten.save(x, "/tmp/x")',
    '_0 = torch.save(x, "x")',
    '_0 = torch.from_file("/etc/passwd", False, 10)',
    '_0 = ops.aten.from_file("x", True, 10)',
    'ops.image.write_file("x", x)',
  ])("that touches files is an alarm: %s", (statement) => expect(verdict(statement)).toBe("malicious"));
  it.each([
    "_0 = torch.add(x, x)",
    'print("saved")',
    "_0 = ops.prim.NumToTensor(torch.size(x, 0))",
    "_0 = ops.torchvision.nms(x, x, 0.5)",
    "save = torch.relu(x)",
  ])("that computes is clean: %s", (statement) => expect(verdict(statement)).toBe("clean"));
});

import type { Part, Scan } from "../../core/scan.js";

/** TorchScript operators that touch files: torch's own save and memory maps, and those of torchvision and torchaudio. */
const OPERATORS =
  /\b(torch\.from_file|ops\.aten\.from_file|ops\.aten\.save|torch\.save|ops\.image\.(read|write)_file|ops\.torchaudio\.\w*(load|save)_audio_file|ops\.prim\.IgnoredPythonOp|ops\.\w+\.load_library)\b/;

/** TorchScript code is not Python: it can only call operators. Those that touch files are reported. */
export function scanTorchScript(scan: Scan, part: Part): void {
  const { textBytes } = scan.budget.limits;
  if (part.source.size > textBytes) scan.reportLimit(part, "textBytes");
  const text = part.source.read(0, textBytes).toString("utf8");
  const match = OPERATORS.exec(text);
  if (match) {
    scan.report("torchscript-operator", part, `The code uses ${match[0]}.`, {
      offset: match.index,
      cause: match[0],
    });
  }
}

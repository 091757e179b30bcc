import type { FileReport, ScanReport } from "../core/report.js";

/**
 * The report as CycloneDX 1.6: each file is a component with its digest and what the scan says as properties, and each
 * deciding finding an entry under `vulnerabilities` that names its file.
 */
export function toCycloneDx(report: ScanReport): object {
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      tools: {
        components: [{ type: "application", name: report.scanner.name, version: report.scanner.rules }],
      },
    },
    components: report.files.map(component),
    vulnerabilities: report.files.flatMap(vulnerabilities),
  };
}

function component(file: FileReport, index: number): object {
  return {
    type: /^(torch|keras|onnx|gguf|safetensors|tflite|savedmodel|pickle)/.test(file.format)
      ? "machine-learning-model"
      : "file",
    "bom-ref": `file-${index}`,
    name: file.path,
    ...(file.sha256 ? { hashes: [{ alg: "SHA-256", content: file.sha256 }] } : {}),
    properties: [
      { name: "countersign:verdict", value: file.verdict },
      { name: "countersign:format", value: file.format },
    ],
  };
}

function vulnerabilities(file: FileReport, index: number): object[] {
  return file.findings
    .filter(({ severity }) => severity !== "info" && severity !== "low")
    .map(({ rule, severity, message, remedy, location, references }) => ({
      id: rule,
      source: { name: "countersign" },
      ratings: [{ severity, method: "other" }],
      description: message,
      recommendation: remedy,
      references: references
        .filter((reference) => /^(CVE|GHSA)-/.test(reference))
        .map((id) => ({ id, source: { name: id.startsWith("CVE") ? "NVD" : "GitHub" } })),
      affects: [{ ref: `file-${index}` }],
      ...(location.member === undefined
        ? {}
        : { properties: [{ name: "countersign:member", value: location.member }] }),
    }));
}

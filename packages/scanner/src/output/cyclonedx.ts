import type { AcceptedFinding, FileReport, Finding, ScanReport } from "../core/report.js";
import { referenceUrl, rulePageUrl } from "../references.js";
import { decides } from "./finding.js";
import { uuidOf } from "./uuid.js";

const MODEL =
  /^(torch|keras|onnx|gguf|ggml|safetensors|tflite|savedmodel|tensorflow|pickle|joblib|coreml|paddle|openvino|executorch|xgboost|lightgbm|catboost|pmml|skops|nemo|mar|flax)/;

/**
 * The report as CycloneDX 1.6: each file is a component with its digest and what it was recognised as, and each deciding finding an
 * entry under `vulnerabilities` that names its file. The same report is the same document: it has no clock and no chance in it.
 */
export function toCycloneDx(report: ScanReport): object {
  const body = {
    metadata: {
      tools: {
        components: [{ type: "application", name: report.scanner.name, version: report.scanner.rules }],
      },
      properties: [{ name: "countersign:verdict", value: report.verdict }],
    },
    components: report.files.map(component),
    vulnerabilities: report.files.flatMap(vulnerabilities),
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`,
    version: 1,
    ...body,
  };
}

function component(file: FileReport, index: number): object {
  const known = file.format !== "unknown";
  return {
    type: MODEL.test(file.format) ? "machine-learning-model" : "file",
    "bom-ref": `file-${index}`,
    name: file.path,
    ...(file.sha256 ? { hashes: [{ alg: "SHA-256", content: file.sha256 }] } : {}),
    evidence: {
      ...(known ? { identity: [identity(file)] } : {}),
      occurrences: [{ location: file.path }],
    },
    properties: [
      { name: "countersign:verdict", value: file.verdict },
      { name: "countersign:format", value: file.format },
      { name: "countersign:size", value: String(file.size) },
    ],
  };
}

/** The name of a file says nothing of what it is; its bytes do. */
function identity({ format }: FileReport): object {
  return {
    field: "name",
    confidence: 1,
    methods: [{ technique: "binary-analysis", confidence: 1, value: `the content is ${format}` }],
  };
}

function vulnerabilities(file: FileReport, index: number): object[] {
  const found = file.findings.filter(decides).map((finding) => vulnerability(finding, index));
  const accepted = (file.accepted ?? []).map((finding) => ({
    ...vulnerability(finding, index),
    analysis: analysis(finding),
  }));
  return [...found, ...accepted].map((entry, at) => ({ "bom-ref": `file-${index}-finding-${at}`, ...entry }));
}

function vulnerability(
  { rule, severity, message, consequence, remedy, location, references }: Finding,
  index: number,
) {
  const cwes = references.flatMap((reference) => /^CWE-(\d+)$/.exec(reference)?.[1] ?? []).map(Number);
  const properties = [
    ...(location.member === undefined ? [] : [{ name: "countersign:member", value: location.member }]),
    ...(location.offset === undefined
      ? []
      : [{ name: "countersign:offset", value: String(location.offset) }]),
  ];
  return {
    id: rule,
    source: { name: "countersign", url: rulePageUrl(rule) },
    references: references.flatMap(reference),
    ratings: [{ source: { name: "countersign" }, severity, method: "other" }],
    ...(cwes.length === 0 ? {} : { cwes }),
    description: message,
    detail: consequence,
    recommendation: remedy,
    affects: [{ ref: `file-${index}` }],
    ...(properties.length === 0 ? {} : { properties }),
  };
}

function reference(id: string): object[] {
  const name = id.startsWith("CVE-") ? "NVD" : id.startsWith("GHSA-") ? "GitHub" : undefined;
  const url = referenceUrl(id);
  return name === undefined ? [] : [{ id, source: { name, ...(url === undefined ? {} : { url }) } }];
}

function analysis({ owner, reason, expires }: AcceptedFinding): object {
  const until = new Date(expires).toISOString();
  return {
    state: "exploitable",
    response: ["will_not_fix"],
    detail: `Accepted by ${owner} until ${until}: ${reason}`,
  };
}

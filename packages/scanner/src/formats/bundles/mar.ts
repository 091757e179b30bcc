import { leadsOut } from "../../archive/paths.js";
import type { Member, ZipContent } from "../../archive/zip-scan.js";
import type { Part, Scan } from "../../core/scan.js";
import { inside } from "../../core/scan.js";
import { decodeJson, isObject, type JsonObject, JsonProblem, parseDocument } from "../repository/json.js";

export const MAR_MANIFEST = "MAR-INF/MANIFEST.json";
const FILES = ["serializedFile", "modelFile", "handler", "requirementsFile", "configFile", "envelope"];

/** Lines that start programs, or run text that was fetched or unpacked, wherever in a handler they stand. */
const ACTS =
  /(?<![\w.])(?:os\.(?:system|popen|exec[lv]\w*|startfile)\s*\(|pty\.spawn|(?:eval|exec)\s*\(\s*(?:base64|zlib|marshal|codecs|bytes|__import__|compile|requests|urllib)|marshal\.loads|socket\.socket\s*\(|__import__\s*\(\s*["'](?:os|subprocess|socket|pty)["'])|shell\s*=\s*True|subprocess\.\w+\s*\(\s*\[?\s*f?["'](?:\/bin\/|\/usr\/bin\/)?(?:(?:ba|da|z|k)?sh|cmd(?:\.exe)?|powershell|curl|wget|nc|ncat|perl|ruby|bash -c)\b/;
/** Handlers install what they need. */
const INSTALLS = /\bpip3?\b[^\n]{0,40}\binstall\b(?!.*:\/\/)|apt(?:-get)? +(?:-y +)?(?:install|update)/;

/** TorchServe's model archive: files that the manifest names, and the handler, whose functions the server calls. */
export function checkMar(scan: Scan, part: Part, zip: ZipContent): void {
  const member = zip.members.find(({ name }) => name === MAR_MANIFEST);
  const source = member ? zip.open(member) : undefined;
  const manifest = source ? readManifest(scan.readText(part, source)) : undefined;
  if (!member || !manifest) {
    scan.report("mar-malformed", part, "The manifest cannot be read.", { cause: "manifest" });
    return;
  }
  const model = isObject(manifest.model) ? manifest.model : {};
  for (const key of FILES) checkPath(scan, member.part, key, model[key]);
  const extra = Array.isArray(model.extraFiles)
    ? model.extraFiles
    : String(model.extraFiles ?? "").split(",");
  for (const file of extra) checkPath(scan, member.part, "extraFiles", file);
  const handler = String(model.handler ?? "").split(":", 1)[0] ?? "";
  for (const code of zip.members) if (isHandler(code, handler)) checkHandler(scan, part, code, zip);
}

function readManifest(bytes: Buffer): JsonObject | undefined {
  try {
    const { value } = parseDocument(decodeJson(bytes));
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof JsonProblem) return undefined;
    throw error;
  }
}

function checkPath(scan: Scan, part: Part, key: string, value: unknown): void {
  if (typeof value !== "string" || !leadsOut(value)) return;
  scan.report("external-data-escape", part, `${key} is ${JSON.stringify(value.slice(0, 160))}.`, {
    cause: value,
  });
}

/** The handler by its name with or without the suffix, and by the name that is taken where there is none. */
function isHandler({ name }: Member, handler: string): boolean {
  return name === handler || name === `${handler}.py` || name === "handler.py";
}

function checkHandler(scan: Scan, part: Part, member: Member, zip: ZipContent): void {
  const source = zip.open(member);
  if (!source) return;
  const text = decodeJson(scan.readText(member.part, source));
  let offset = 0;
  for (const [index, line] of text.split("\n").entries()) {
    scan.budget.step(1 + line.length / 64);
    const code = line.length > 4096 ? line.slice(0, 4096) : line;
    const at = offset;
    offset += line.length + 1;
    if (/^\s*#/.test(code) || !ACTS.test(code) || INSTALLS.test(code)) continue;
    scan.report(
      "handler-acts",
      inside(part, member.name, source),
      `Line ${index + 1}: ${code.trim().slice(0, 120)}`,
      {
        offset: at,
        cause: "handler",
      },
    );
    return;
  }
}

import { invalid } from "./error.js";

/** Where an artifact stands: `root` is the run or logged model that it belongs to, `path` what follows; "" is the root itself. */
export interface ArtifactPlace {
  root: string;
  path: string;
}

const MAX_PATH = 1_024;
const MAX_SEGMENT = 255;
const ROOT = /^(m-)?[0-9a-f]{32}$/;

/**
 * Reads the path of an artifact request, as `1/<run>/artifacts/model/MLmodel`. The attacker names a path that leads out of its
 * root, here or later on the machine of whoever downloads it: nothing of the kind gets in.
 */
export function parseArtifactPlace(raw: string): ArtifactPlace {
  const segments = segmentsOf(raw);
  const at = segments.findIndex((segment, i) => segment === "artifacts" && ROOT.test(segments[i - 1] ?? ""));
  const root = segments[at - 1];
  if (root === undefined) {
    throw invalid(
      "Invalid path: artifacts belong to a run or to a logged model, as 1/<run id>/artifacts/<name>.",
    );
  }
  return { root, path: segments.slice(at + 1).join("/") };
}

/** A relative path in its one form; "" is the root itself. */
export function parseArtifactPath(raw: string): string {
  return segmentsOf(raw).join("/");
}

function segmentsOf(raw: string): string[] {
  const path = raw.replace(/\/$/, "");
  if (path === "") return [];
  if (Buffer.byteLength(path) > MAX_PATH) throw invalid(`Invalid path: it is longer than ${MAX_PATH} bytes.`);
  const segments = path.split("/");
  for (const segment of segments) checkSegment(segment);
  return segments;
}

function checkSegment(segment: string): void {
  if (segment === "" || segment === "." || segment === "..") {
    throw invalid('Invalid path: it must be relative and hold no empty part, "." or "..".');
  }
  if (Buffer.byteLength(segment) > MAX_SEGMENT) {
    throw invalid(`Invalid path: a part of it is longer than ${MAX_SEGMENT} bytes.`);
  }
  if (FORBIDDEN.test(segment)) {
    throw invalid("Invalid path: it holds a backslash, a control character or a drive letter.");
  }
  if (hidesSeparator(segment)) throw invalid("Invalid path: it is percent-encoded twice.");
}

/** Decoded once already: what decodes to a separator or a dot again was meant to slip through. */
function hidesSeparator(segment: string): boolean {
  // A lone % is a character like any other: clients name images `img%step%25%timestamp%...`.
  for (let text = segment, before = ""; text !== before; before = text, text = text.replaceAll("%25", "%")) {
    if (/%(2e|2f|5c|00)/i.test(text)) return true;
  }
  return false;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const FORBIDDEN = /[\\\u0000-\u001f\u007f-\u009f]|^[A-Za-z]:/;

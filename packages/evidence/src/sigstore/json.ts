import { CountersignError } from "../errors.js";
import { isRecord, parseJson } from "../json.js";

const KNOWN_TYPES = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.3\+json|\+json;version=0\.[123])$/;
const MAX_BUNDLE_BYTES = 128 * 1024 * 1024;

/** The outermost layer of any Sigstore bundle; throws `bundle-malformed` or `bundle-unsupported`. */
export function parseBundleJson(bytes: Uint8Array): Record<string, unknown> {
  const bundle = parse(bytes);
  if (!isRecord(bundle)) throw malformed("it is not an object");
  const { mediaType } = bundle;
  if (typeof mediaType !== "string") throw malformed("it has no mediaType");
  if (!KNOWN_TYPES.test(mediaType)) {
    throw new CountersignError(
      "bundle-unsupported",
      `${JSON.stringify(mediaType)} is no Sigstore bundle known here`,
    );
  }
  return bundle;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, { maxBytes: MAX_BUNDLE_BYTES });
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message : "it is not JSON");
  }
}

function malformed(reason: string): CountersignError {
  return new CountersignError("bundle-malformed", `the bundle is malformed: ${reason}`);
}

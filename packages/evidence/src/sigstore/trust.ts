import { createRequire } from "node:module";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { type TrustMaterial, toTrustMaterial } from "@sigstore/verify";
import { type Digest, sha256 } from "../digest.js";
import { CountersignError } from "../errors.js";
import { isRecord, parseJson } from "../json.js";

const require = createRequire(import.meta.url);
const PUBLIC_GOOD = "https://tuf-repo-cdn.sigstore.dev";
const MEDIA_TYPE =
  /^application\/vnd\.dev\.sigstore\.trustedroot(?:\+json;version=0\.[12]|\.v0\.[12]\+json)$/;

const MAX_KNOWN = 16;
const known = new Map<Digest, TrustMaterial>();
let pinned: TrustMaterial | undefined;

/** What the verifier trusts, from a trusted root (JSON) or from the pinned one. Reading one takes milliseconds: kept. */
export function trustMaterial(bytes: Uint8Array | undefined): TrustMaterial {
  if (!bytes) {
    pinned ??= toTrustMaterial(pinnedTrustRoot());
    return pinned;
  }
  const digest = sha256(bytes);
  const material = known.get(digest) ?? makeMaterial(parseTrustRoot(bytes));
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(digest, material);
  return material;
}

function makeMaterial(root: TrustedRoot): TrustMaterial {
  try {
    return toTrustMaterial(root);
  } catch (cause) {
    throw invalid("a certificate or key in it cannot be read", cause);
  }
}

/** The public-good instance's trusted root, as the pinned @sigstore/tuf carries it: no network, no surprise. */
export function pinnedTrustRoot(): TrustedRoot {
  return parseTrustRoot(Buffer.from(seed(), "base64"));
}

function seed(): string {
  const seeds: unknown = require("@sigstore/tuf/seeds.json");
  const repository = isRecord(seeds) ? seeds[PUBLIC_GOOD] : undefined;
  const targets = isRecord(repository) ? repository.targets : undefined;
  const text = isRecord(targets) ? targets["trusted_root.json"] : undefined;
  if (typeof text === "string") return text;
  throw new CountersignError("trust-root-invalid", "this version carries no Sigstore trust root: give one");
}

/** Reads a Sigstore trusted root; throws `trust-root-invalid`. */
export function parseTrustRoot(bytes: Uint8Array): TrustedRoot {
  const root = decode(bytes);
  if (!MEDIA_TYPE.test(root.mediaType)) throw invalid("its media type is unknown");
  // A missing bound is not an open one: an authority is trusted from a named moment on.
  const authorities = [...root.certificateAuthorities, ...root.timestampAuthorities].map(
    ({ validFor }) => validFor,
  );
  const logs = [...root.tlogs, ...root.ctlogs].map(({ publicKey }) => publicKey?.validFor);
  if ([...authorities, ...logs].some((period) => !period?.start)) {
    throw invalid("an authority has no start of validity");
  }
  return root;
}

function decode(bytes: Uint8Array): TrustedRoot {
  try {
    return TrustedRoot.fromJSON(parseJson(bytes));
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : "it cannot be read", cause);
  }
}

function invalid(reason: string, cause?: unknown): CountersignError {
  return new CountersignError("trust-root-invalid", `the Sigstore trust root is invalid: ${reason}`, {
    cause,
  });
}

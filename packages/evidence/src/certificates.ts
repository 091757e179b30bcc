import { X509Certificate } from "node:crypto";
import { X509Certificate as Parsed } from "@sigstore/core";
import { CountersignError, type Refusal, refuse } from "./errors.js";

const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
const MAX_DEPTH = 8;

/** Reads every certificate of a PEM text. */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new CountersignError("key-malformed", "there is no PEM certificate in the text");
  return blocks.map((block) => parseCertificate(block));
}

export function parseCertificate(data: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(data);
  } catch (cause) {
    throw new CountersignError("bundle-malformed", "a certificate cannot be read", { cause });
  }
}

export interface ChainOptions {
  leaf: X509Certificate;
  /** Certificates that came with the signature: they are used, never trusted. */
  intermediates: readonly X509Certificate[];
  /** The certificates that the verifier trusts. */
  anchors: readonly X509Certificate[];
  /** The moment, in milliseconds, at which every certificate of the path must be valid. */
  at: number;
}

/** Whether a certificate may sign code and leads to a trusted one, all of them valid at that moment (RFC 5280 §6). */
export function verifyChain(options: ChainOptions): { ok: true; path: X509Certificate[] } | Refusal {
  const { leaf, at } = options;
  if (!(leaf.keyUsage ?? []).includes(CODE_SIGNING)) {
    return refuse(
      "certificate-usage",
      "the signing certificate is not meant for signing code (no codeSigning usage)",
    );
  }
  const paths = pathsFrom([leaf], options);
  const path =
    paths.find((candidate) => candidate.every((certificate) => isValidAt(certificate, at))) ?? paths[0];
  if (!path)
    return refuse("certificate-untrusted", "the signing certificate does not lead to a trusted certificate");
  const stale = path.find((certificate) => !isValidAt(certificate, at));
  if (stale) return refuse("certificate-expired", `${oneLine(stale.subject)} is valid ${period(stale)}`);
  return { ok: true, path };
}

export function isValidAt(certificate: X509Certificate, at: number): boolean {
  return Date.parse(certificate.validFrom) <= at && at <= Date.parse(certificate.validTo);
}

function period(certificate: X509Certificate): string {
  const day = (text: string): string => new Date(text).toISOString().slice(0, 10);
  return `from ${day(certificate.validFrom)} to ${day(certificate.validTo)}`;
}

function oneLine(name: string): string {
  return name.replaceAll("\n", ", ") || "the signing certificate";
}

/** Every path from the last certificate of `path` to an anchor. */
function pathsFrom(path: X509Certificate[], options: ChainOptions): X509Certificate[][] {
  const last = path.at(-1);
  if (!last) return [];
  if (options.anchors.some((anchor) => anchor.raw.equals(last.raw))) return [path];
  if (path.length >= MAX_DEPTH) return [];
  const { anchors, intermediates } = options;
  return [...anchors, ...intermediates]
    .filter(
      (issuer) => !path.some((seen) => seen.raw.equals(issuer.raw)) && issued(issuer, last, path.length - 1),
    )
    .flatMap((issuer) => pathsFrom([...path, issuer], options));
}

// `below` counts the certificates between this issuer and the leaf, which a path length constraint limits.
function issued(issuer: X509Certificate, certificate: X509Certificate, below: number): boolean {
  if (!issuer.ca || !certificate.checkIssued(issuer)) return false;
  const limit = pathLength(issuer);
  return (limit === undefined || below <= limit) && certificate.verify(issuer.publicKey);
}

/** RFC 5280 §4.2.1.9; node:crypto does not tell it. */
function pathLength(certificate: X509Certificate): bigint | undefined {
  return Parsed.parse(Buffer.from(certificate.raw)).extBasicConstraints?.pathLenConstraint;
}

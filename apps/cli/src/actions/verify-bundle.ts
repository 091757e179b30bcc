import { CountersignError, parsePublicKey, sha256, verifySigstoreBundle } from "@countersign/evidence";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold, green } from "../terminal/style.js";
import { refused } from "../views/refusal.js";
import { readBytes, readText } from "./read.js";

export interface VerifyOptions {
  signature?: string;
  bundle?: string;
  key?: string;
  certChain?: string[];
  identity?: string;
  identityProvider?: string;
  trustRoot?: string;
  ignorePaths?: string[];
  ignoreUnsignedFiles?: boolean;
}

/** A plain Sigstore bundle over the bytes of one file. */
export async function verifyPlain(
  session: Session,
  options: VerifyOptions & { bundle: string },
  given: string,
): Promise<number> {
  const { key, identity, identityProvider, trustRoot } = options;
  if (
    (key === undefined) === (identity === undefined) ||
    (identity === undefined) !== (identityProvider === undefined)
  ) {
    throw new CountersignError("usage", "say whose signature you expect, in one way", {
      detail: { remedy: "--key PUB | --identity NAME --identity-provider URL" },
    });
  }
  const artifact = readBytes(session, given);
  const verified = await verifySigstoreBundle(readBytes(session, options.bundle), {
    artifact,
    artifactDigest: sha256(artifact),
    ...(key === undefined ? {} : { publicKey: parsePublicKey(readText(session, key)) }),
    ...(identity === undefined || identityProvider === undefined
      ? {}
      : { identity: { name: identity, issuer: identityProvider } }),
    ...(trustRoot === undefined ? {} : { trustRoot: readBytes(session, trustRoot) }),
  });
  if (!verified.ok) return refused(session, verified, given);
  present(session.output, verified, () => {
    const { name, issuer } = verified.identity ?? {};
    session.output.line(safe`${green("ok")}  ${bold(given)} is what was signed`);
    session.output.line(safe`  signer  ${name === undefined ? `key ${key}` : `${name} (${issuer ?? ""})`}`);
  });
  return 0;
}

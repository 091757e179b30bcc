import { resolve } from "node:path";
import {
  CountersignError,
  type OmsTrust,
  parsePublicKey,
  type Refusal,
  type VerifiedModel,
  verifyModel,
} from "@countersign/evidence";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted, createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, green } from "../terminal/style.js";
import { refused } from "../views/refusal.js";
import { readBytes, readText } from "./read.js";
import { type VerifyOptions, verifyPlain } from "./verify-bundle.js";

export async function verify(session: Session, options: VerifyOptions, given: string): Promise<number> {
  if (options.bundle !== undefined) {
    return verifyPlain(session, { ...options, bundle: options.bundle }, given);
  }
  const path = resolve(session.io.cwd, given);
  const signature = options.signature ?? `${path}.sig`;
  const verified = await check(session, options, path, signature);
  if (!verified.ok) return refused(session, verified, given);
  const { signer, statement, files, unsigned, digest } = verified;
  const [subject] = statement.subject;
  present(session.output, { ok: true, signer, files, unsigned, digest, subject }, () => {
    session.output.line(
      safe`${green("ok")}  ${bold(subject?.name ?? given)}: ${counted(files.length, "file")}, exactly as signed`,
    );
    session.output.line(safe`  signer  ${signerOf(signer)}`);
    for (const file of unsigned) session.output.line(safe`  unsigned  ${file}`);
  });
  return 0;
}

async function check(
  session: Session,
  options: VerifyOptions,
  path: string,
  signature: string,
): Promise<VerifiedModel | Refusal> {
  const trust = trustOf(session, options);
  const bundle = readBytes(session, signature);
  const progress = createProgress(session.io, session.output.live);
  try {
    return await verifyModel(path, bundle, {
      trust,
      bundlePath: resolve(session.io.cwd, signature),
      signal: session.io.signal,
      onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
      ...(options.ignorePaths === undefined ? {} : { ignore: options.ignorePaths }),
      ...(options.ignoreUnsignedFiles === undefined ? {} : { ignoreUnsigned: options.ignoreUnsignedFiles }),
    });
  } finally {
    progress.finish();
  }
}

/** Exactly one way of naming the signer: two could disagree, and none would accept anybody. */
function trustOf(session: Session, options: VerifyOptions): OmsTrust {
  const { key, certChain, identity, identityProvider, trustRoot } = options;
  const ways = [key, certChain, identity].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw new CountersignError("usage", "say whose signature you expect, in one way", {
      detail: { remedy: "--key PUB | --cert-chain FILE | --identity NAME --identity-provider URL" },
    });
  }
  if (key !== undefined) return { method: "key", publicKey: parsePublicKey(readText(session, key)) };
  if (certChain !== undefined) {
    const anchors = certChain.map((file) => readText(session, file)).join("\n");
    return { method: "certificate", anchors, clock: session.io.clock };
  }
  if (identity === undefined || identityProvider === undefined) {
    throw new CountersignError("usage", "an identity means nothing without the one who vouches for it", {
      detail: { remedy: "--identity NAME --identity-provider URL" },
    });
  }
  const pinned = trustRoot === undefined ? {} : { trustRoot: readBytes(session, trustRoot) };
  return { method: "sigstore", identity, issuer: identityProvider, ...pinned };
}

function signerOf(signer: VerifiedModel["signer"]): string {
  if (signer.method === "key") return `key ${signer.keyId}`;
  return signer.method === "certificate"
    ? `certificate ${signer.subject}`
    : `${signer.identity} (${signer.issuer})`;
}

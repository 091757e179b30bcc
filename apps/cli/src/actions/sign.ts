import { homedir } from "node:os";
import { join, resolve } from "node:path";
import {
  CountersignError,
  type FileHashCache,
  isDigest,
  openHashCache,
  type SignedModel,
  type Signer,
  type SigningCertificates,
  sha256,
  signModel,
} from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import { signerFromFile } from "../place/signer.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted, createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";
import { readText } from "./read.js";
import { signDigest } from "./sign-digest.js";
import { writeWhole } from "./whole.js";

interface Options {
  key: string;
  method: "key" | "certificate";
  signingCert?: string;
  certChain?: string[];
  out?: string;
  ignorePaths?: string[];
  cache: boolean;
  record?: boolean;
  passphraseFile?: string;
}

export async function sign(session: Session, options: Options, given: string): Promise<number> {
  if (isDigest(given)) return signDigest(session, options, given);
  const path = resolve(session.io.cwd, given);
  const out = resolve(session.io.cwd, options.out ?? `${path}.sig`);
  const { signed, entry } = options.record
    ? await signOnRecord(session, options, path, out)
    : { signed: await signHere(session, options, path, out), entry: undefined };
  for (const warning of signed.warnings) session.output.warn(safe`countersign: ${warning}`);
  const [subject] = signed.statement.subject;
  const result = {
    signature: out,
    digest: signed.digest,
    files: signed.statement.predicate.resources.length,
    entry,
  };
  present(session.output, result, () => {
    session.output.line(safe`signed ${bold(subject?.name ?? path)}: ${counted(result.files, "file")}`);
    session.output.line(safe`  signature  ${out}`);
    if (entry) session.output.line(safe`  recorded   entry ${entry.index}, ${entry.status}`);
  });
  return 0;
}

async function signHere(session: Session, options: Options, path: string, out: string): Promise<SignedModel> {
  const signer = await signerFromFile(session, options.key, options.passphraseFile);
  return makeSignature(session, options, signer, path, out);
}

async function signOnRecord(session: Session, options: Options, path: string, out: string) {
  return atPlace(session, false, async (place) => {
    const signer = await place.signer(options.key, "author", options.passphraseFile);
    const signed = await makeSignature(session, options, signer, path, out);
    const { manifestDigest } = await import("@countersign/evidence");
    if (!signed.manifest)
      throw new CountersignError("usage", "only a signature over whole files can be recorded");
    return { signed, entry: await place.recordSignature(signed.bundle, manifestDigest(signed.manifest)) };
  });
}

async function makeSignature(
  session: Session,
  options: Options,
  signer: Signer,
  path: string,
  out: string,
): Promise<SignedModel> {
  const progress = createProgress(session.io, session.output.live);
  const certificate = certificatesOf(session, options);
  const cache = options.cache ? await openHashCache(cacheFile(session, path), session.io.clock) : undefined;
  try {
    const signed = await signModel(path, {
      signer,
      bundlePath: out,
      signal: session.io.signal,
      onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
      ...(options.ignorePaths === undefined ? {} : { ignore: options.ignorePaths }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(cache === undefined ? {} : { cache }),
    });
    writeWhole(out, signed.bundle);
    await saved(cache);
    return signed;
  } finally {
    progress.finish();
  }
}

function certificatesOf(session: Session, options: Options): SigningCertificates | undefined {
  const { method, signingCert, certChain = [] } = options;
  if (method === "key") {
    if (signingCert === undefined && certChain.length === 0) return undefined;
    throw new CountersignError("usage", "certificates belong to --method certificate", {
      detail: { remedy: "add --method certificate" },
    });
  }
  if (signingCert === undefined) {
    throw new CountersignError("usage", "--method certificate needs the signer's certificate", {
      detail: { remedy: "add --signing-cert FILE" },
    });
  }
  const texts = [signingCert, ...certChain].map((file) => readText(session, file));
  return { certificates: texts.join("\n"), at: session.io.clock() };
}

/** One cache for each model, in the user's own cache directory. */
function cacheFile({ io }: Session, path: string): string {
  const base = io.env.XDG_CACHE_HOME ?? io.env.LOCALAPPDATA ?? join(homedir(), ".cache");
  return join(base, "countersign", `${sha256(Buffer.from(path)).slice(7, 39)}.json`);
}

// It only saves time: a home directory that cannot be written is no reason to fail.
async function saved(cache: FileHashCache | undefined): Promise<void> {
  await cache?.save().catch(() => {});
}

import {
  CountersignError,
  checkManifest,
  type Digest,
  manifestDigest,
  omsStatementOf,
  signOmsStatement,
} from "@countersign/evidence";
import { atPlace } from "../place/open.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";

interface Options {
  key: string;
  record?: boolean;
  method: "key" | "certificate";
  out?: string;
  ignorePaths?: string[];
  passphraseFile?: string;
}

/**
 * Signs an artifact that is on record, without its files: the digest names them all. The place only says which files these
 * are, and a list that hashes to anything else is not signed.
 */
export async function signDigest(session: Session, options: Options, artifact: Digest): Promise<number> {
  const { key, record, method, out, ignorePaths, passphraseFile } = options;
  if (!record || method !== "key" || out !== undefined || ignorePaths !== undefined) {
    throw new CountersignError("usage", "a digest is signed with a key, whole, and onto the record", {
      detail: { remedy: `countersign sign ${artifact} --record --key author.key` },
    });
  }
  const { entry, files } = await atPlace(session, false, async (place) => {
    const signer = await place.signer(key, "author", passphraseFile);
    const manifest = checkManifest(await place.manifest(artifact));
    if (manifestDigest(manifest) !== artifact) {
      throw new CountersignError(
        "model-mismatch",
        `${place.label} named other files than those of ${artifact}; nothing was signed`,
      );
    }
    const bundle = await signOmsStatement(omsStatementOf(manifest, artifact), signer);
    return { entry: await place.recordSignature(bundle, artifact), files: manifest.files.length };
  });
  present(session.output, { digest: artifact, files, entry }, () => {
    session.output.line(safe`signed ${bold(artifact)}: ${counted(files, "file")}`);
    session.output.line(safe`  recorded   entry ${entry.index}, ${entry.status}`);
  });
  return 0;
}

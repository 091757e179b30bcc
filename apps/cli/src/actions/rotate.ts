import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CountersignError, type PublicKey, rotateKeyFile } from "@countersign/evidence";
import { layoutOf, type Workspace } from "@countersign/workspace";
import { workspaceDirectory } from "../place/directory.js";
import { withPassphrase } from "../place/signer.js";
import type { Session } from "../session.js";

// The log's key is the log's identity, and the root key is what everybody pinned: both take a new log or a new pin.
const FIXED = new Set(["log", "root"]);

export interface Rotated {
  key: PublicKey;
  previous: PublicKey;
  retired: string;
}

/** New key in, old key out, and the trust root moves with them. What the old key signed stands. */
export async function rotate(
  session: Session,
  workspace: Workspace,
  name: string,
  passphraseFile?: string,
): Promise<Rotated> {
  if (FIXED.has(name)) {
    throw new CountersignError("usage", `the ${name} key cannot be rotated: others have pinned it`, {
      detail: { remedy: "start a new workspace and admit the models there" },
    });
  }
  const path = join(layoutOf(workspaceDirectory(session)).keys, `${name}.pem`);
  const { previous, current, retired } = await withPassphrase(session, name, passphraseFile, (passphrase) =>
    rotateKeyFile(path, passphrase === undefined ? {} : { passphrase, newPassphrase: passphrase }),
  );
  writeFileSync(path.replace(/\.pem$/, ".pub"), current.pem, { flush: true });
  const entry = (await workspace.trust()).root.keys.find(({ keyId }) => keyId === previous.keyId);
  if (entry) {
    const root = await withPassphrase(session, "root", passphraseFile, (passphrase) =>
      workspace.keyring.signer("root", passphrase),
    );
    const { principal, roles } = entry;
    await workspace.changeTrust(
      { kind: "allow", key: { keyId: current.keyId, pem: current.pem, principal, roles } },
      root,
    );
    await workspace.changeTrust({ kind: "deny", keyId: previous.keyId, at: session.io.clock() }, root);
  }
  return { key: current, previous, retired };
}

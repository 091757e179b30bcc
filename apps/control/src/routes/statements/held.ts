import { CountersignError, type Signer } from "@countersign/evidence";
import type { Workspace } from "@countersign/workspace";

/** The key that withdraws in the server's name: the trust root of a fresh directory lets this one revoke. */
export const REVOKER = "approver";

export async function heldSigner(workspace: Workspace, name: string): Promise<Signer> {
  if (workspace.keyring.has(name)) return workspace.keyring.signer(name);
  throw new CountersignError(
    "key-unknown",
    `this server holds no key "${name}": sign the statement elsewhere and send it to /attestations`,
  );
}

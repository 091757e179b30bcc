import { CountersignError, type Digest, parseDigest, parsePublicKey } from "@countersign/evidence";
import type { TrustRoot } from "@countersign/facts";
import type { TrustChange } from "@countersign/workspace";
import { atPlace } from "../place/open.js";
import type { Place } from "../place/place.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";
import { readText } from "./read.js";

interface RootOptions {
  rootKey: string;
  passphraseFile?: string;
}

export async function showTrust(session: Session): Promise<number> {
  const found = await atPlace(session, false, (place) => place.trust.get());
  present(session.output, { version: found.root.version, ...found }, () =>
    draw(session, found.root, found.digest),
  );
  return 0;
}

/** Opening a place has checked the whole chain of trust roots from the pinned key; a broken one does not open. */
export async function verifyTrust(session: Session): Promise<number> {
  const { root, digest } = await atPlace(session, false, (place) => place.trust.get());
  const now = session.io.clock();
  if (now < root.validFrom || now >= root.validUntil) {
    throw new CountersignError("trust-root-invalid", `trust root version ${root.version} is not valid now`);
  }
  present(session.output, { ok: true, version: root.version, digest }, () => {
    session.output.line(safe`trust root version ${root.version} holds until ${day(root.validUntil)}`);
    session.output.line(safe`  digest  ${digest}`);
  });
  return 0;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

function draw(session: Session, root: TrustRoot, digest: Digest): void {
  const { output } = session;
  output.line(safe`${bold("trust root")} version ${root.version}, valid until ${day(root.validUntil)}`);
  output.line(safe`  digest  ${digest}\n`);
  const rows = root.keys.map((key) => [
    key.principal,
    key.roles.join(", "),
    keyStanding(root, key),
    key.keyId,
  ]);
  writeTable(session.io, ["principal", "roles", "stands", "key id"], rows);
  output.line(safe``);
  const rules = root.rules.map(({ role, predicates, environments }) => [
    role,
    predicates.join(", "),
    environments?.join(", ") ?? "any",
  ]);
  writeTable(session.io, ["role", "may state", "in"], rules);
  output.line(safe`\nmay revoke what others stated: ${root.revokers.join(", ") || "nobody"}`);
}

function keyStanding(root: TrustRoot, { keyId, validUntil }: TrustRoot["keys"][number]): string {
  const cut = root.compromised.find((one) => one.keyId === keyId);
  if (cut) return `compromised from entry ${cut.fromIndex}`;
  return validUntil === undefined ? "allowed" : `until ${day(validUntil)}`;
}

interface AllowOptions extends RootOptions {
  role: string[];
  publicKey: string;
}

export async function allow(session: Session, options: AllowOptions, principal: string): Promise<number> {
  const { keyId, pem } = parsePublicKey(readText(session, options.publicKey));
  return change(session, options, async (place) => {
    requireRoles((await place.trust.get()).root, options.role);
    return [{ kind: "allow", key: { keyId, pem, principal, roles: options.role } }];
  });
}

function requireRoles(root: TrustRoot, roles: readonly string[]): void {
  const known = [...new Set(root.rules.map(({ role }) => role))];
  const strange = roles.find((role) => !known.includes(role));
  if (strange === undefined) return;
  throw new CountersignError("usage", `no rule of the trust root speaks of the role ${strange}`, {
    detail: { remedy: `--role ${known.join(" | ")}` },
  });
}

export async function deny(session: Session, options: RootOptions, principal: string): Promise<number> {
  return change(session, options, async (place) => {
    const { root } = await place.trust.get();
    const at = session.io.clock();
    const keys = root.keys.filter((key) => key.principal === principal && (key.validUntil ?? Infinity) > at);
    if (keys.length === 0) {
      throw new CountersignError("not-found", `the trust root allows no key of ${principal}`, {
        detail: { remedy: "countersign trust show" },
      });
    }
    return keys.map(({ keyId }) => ({ kind: "deny", keyId, at }));
  });
}

export async function addRevoker(session: Session, options: RootOptions, principal: string): Promise<number> {
  return change(session, options, async () => [{ kind: "revoker", principal }]);
}

interface RenewOptions extends RootOptions {
  days: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export async function renew(session: Session, options: RenewOptions): Promise<number> {
  const validUntil = session.io.clock() + options.days * DAY_MS;
  return change(session, options, async () => [{ kind: "renew", validUntil }]);
}

interface CompromiseOptions extends RootOptions {
  from: number;
}

export async function compromiseKey(
  session: Session,
  options: CompromiseOptions,
  id: string,
): Promise<number> {
  const keyId = parseDigest(id);
  return change(session, options, async (place) => {
    const { root } = await place.trust.get();
    if (root.keys.some((key) => key.keyId === keyId))
      return [{ kind: "compromise", keyId, fromIndex: options.from }];
    throw new CountersignError("not-found", `the trust root does not know the key ${keyId}`, {
      detail: { remedy: "countersign trust show" },
    });
  });
}

/** Makes the changes one after the other: each is a version of the trust root, signed by the root key. */
async function change(
  session: Session,
  options: RootOptions,
  changes: (place: Place) => Promise<TrustChange[]>,
): Promise<number> {
  const after = await atPlace(session, false, async (place) => {
    const wanted = await changes(place);
    const signer = await place.signer(options.rootKey, "root", options.passphraseFile);
    for (const one of wanted) await place.trust.change(one, signer);
    return place.trust.get();
  });
  present(session.output, { version: after.root.version, ...after }, () =>
    draw(session, after.root, after.digest),
  );
  return 0;
}

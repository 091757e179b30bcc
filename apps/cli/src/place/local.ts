import { relative, resolve, sep } from "node:path";
import type { AdmitResult } from "@countersign/api";
import { CountersignError, type Signer } from "@countersign/evidence";
import type { Workspace } from "@countersign/workspace";
import type { Session } from "../session.js";
import { openDirectory, workspaceDirectory } from "./directory.js";
import { type AdmitRequest, found, type LogLine, type Place } from "./place.js";
import { signerFromFile, withPassphrase } from "./signer.js";

/** Who asks, where one person holds the whole workspace. Approving takes a key of its own. */
const HOLDER = "author";
const PAGE = 256;
const STEPS = { hash: "hashing", scan: "scanning", record: "recording" } as const;

export async function openLocal(session: Session, create: boolean): Promise<Place> {
  const workspace = await openDirectory(session, create);
  return localPlace(session, workspace);
}

function localPlace(session: Session, workspace: Workspace): Place {
  return {
    label: workspaceDirectory(session),
    admit: (request) => admit(session, workspace, request),
    declare: async (input) => workspace.declare({ ...input, signer: workspace.service }),
    gate: (question) => workspace.gate({ ...question, principal: HOLDER }),
    promote: (subject, environment) => workspace.promote({ subject, environment, principal: HOLDER }),
    approve: ({ subject, environment, gate }, signer) =>
      workspace.approve({ subject, environment, action: gate, signer }),
    revoke: (envelope, reason, signer) => workspace.revoke({ envelope, reason, signer }),
    recordSignature: (bundle, subject) => workspace.submitSignature(bundle, subject),
    versions: () => workspace.versions(),
    manifest: async (artifact) => (await workspace.version(artifact)).manifest,
    knows: (artifact) => found(workspace.version(artifact)),
    log: logOf(workspace),
    trust: {
      get: async () => {
        const { root, digest } = await workspace.trust();
        return { root, digest };
      },
      change: (change, rootSigner) => workspace.changeTrust(change, rootSigner),
    },
    signer: (key, standard, passphraseFile) => signerOf(session, workspace, key ?? standard, passphraseFile),
    close: () => workspace.close(),
  };
}

function logOf(workspace: Workspace): Place["log"] {
  const { log } = workspace;
  return {
    state: async () => ({ origin: log.origin, vkey: log.verifierKey, size: log.size }),
    entries: (from, to) => entries(workspace, from, to),
    checkpoint: async () => new TextDecoder().decode(await log.checkpoint()),
    receipt: (index) => log.receipt(index),
    evidence: (decision) => workspace.evidence(decision),
    audit: () => workspace.audit(),
  };
}

async function* entries(workspace: Workspace, from: number, to: number | undefined): AsyncIterable<LogLine> {
  const end = Math.min(to ?? workspace.size, workspace.size);
  for (let at = from; at < end; at += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, end - at) }, (_, offset) =>
      workspace.entry(at + offset),
    );
    for (const entry of await Promise.all(page)) yield entry;
  }
}

async function admit(session: Session, workspace: Workspace, request: AdmitRequest): Promise<AdmitResult> {
  const { progress, signal, author, ...rest } = request;
  refuseNested(workspaceDirectory(session), request.path);
  if (author) await requireTrusted(workspace, author, session.io.clock());
  const trust = await workspace.trust();
  const submitter = (author && trust.principalOf(author.publicKey.keyId)) || HOLDER;
  const result = await workspace.admit(
    { ...rest, submitter, ...(author === undefined ? {} : { author }) },
    {
      signal,
      onProgress: (step, done, total) =>
        progress.update(STEPS[step], done, total, step === "hash" ? "bytes" : "files"),
    },
  );
  return result as AdmitResult;
}

// Otherwise private keys would become part of the model, and the log would change while it is hashed.
function refuseNested(directory: string, path: string): void {
  const inside = relative(path, directory);
  if (inside !== "" && (inside === ".." || inside.startsWith(`..${sep}`) || resolve(inside) === inside))
    return;
  throw new CountersignError(
    "usage",
    `the workspace ${directory} lies inside ${path} and would become part of the model`,
    {
      detail: { remedy: "--workspace-dir ../.countersign   (or move the model into a directory of its own)" },
    },
  );
}

/** A signature that would not count is refused before the work, not discovered after it. */
async function requireTrusted(workspace: Workspace, author: Signer, now: number): Promise<void> {
  const { keyId } = author.publicKey;
  const trust = await workspace.trust();
  const permission = trust.permission(keyId, "signature", workspace.size, now);
  if (permission.ok) return;
  throw new CountersignError(
    "signer-not-allowed",
    `the key ${keyId} may not sign models here: ${permission.reason}`,
    {
      detail: { remedy: "countersign trust allow PRINCIPAL --role author --public-key FILE" },
    },
  );
}

async function signerOf(
  session: Session,
  workspace: Workspace,
  key: string,
  passphraseFile?: string,
): Promise<Signer> {
  const { keyring } = workspace;
  if (keyring.has(key)) {
    return withPassphrase(session, key, passphraseFile, (passphrase) => keyring.signer(key, passphrase));
  }
  return keyring.audited(await signerFromFile(session, key, passphraseFile));
}

import { openAsBlob } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { type AdmitResult, type Client, createClient, type UploadFile } from "@countersign/api";
import {
  type BuiltManifest,
  buildManifest,
  CountersignError,
  isDigest,
  type Manifest,
  omsStatementOf,
  type Signer,
  type Statement,
  signOmsStatement,
  signStatement,
} from "@countersign/evidence";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import { countingFetch } from "./counting.js";
import { type AdmitRequest, found, type LogLine, type Place, type Question } from "./place.js";
import { remoteTrust } from "./remote-trust.js";
import { signerFromFile } from "./signer.js";

const PAGE = 256;

export async function openRemote(session: Session, server: string): Promise<Place> {
  const { token } = session.global;
  const connection = { baseUrl: server, ...(token === undefined ? {} : { token }) };
  return remotePlace(session, server, createClient(connection), connection);
}

type Connection = { baseUrl: string; token?: string };

function remotePlace(session: Session, server: string, client: Client, connection: Connection): Place {
  const call = { signal: session.io.signal };
  return {
    label: server,
    admit: (request) => admit(session, client, connection, request),
    declare: (input) => client.declarations.create(input, call),
    gate: (question) => client.gate(question, call),
    promote: (subject, environment) => client.promotions.create({ subject, environment }, call),
    approve: async (question, signer) => {
      const { subject, environment, gate } = question;
      const statement = await client.approvals.template({ subject, environment, action: gate });
      requireApproval(statement, question);
      return client.attestations.create(await signStatement(statement, signer), call);
    },
    revoke: async (envelope, reason, signer) => {
      const { revocationStatement } = await import("@countersign/workspace");
      return client.attestations.create(
        await signStatement(revocationStatement(envelope, reason), signer),
        call,
      );
    },
    recordSignature: (bundle) => client.signatures.create(bundle, call),
    versions: async () => (await client.versions.list({ limit: 200 }, call)).items,
    manifest: async (artifact) => (await client.versions.get(artifact, call)).manifest as Manifest | null,
    knows: (artifact) => found(client.versions.get(artifact, call)),
    log: logOf(client, session),
    trust: remoteTrust(client, session.io.signal),
    signer: (key, standard, passphraseFile) => signerOf(session, key, standard, passphraseFile),
    close: async () => {},
  };
}

function logOf(client: Client, session: Session): Place["log"] {
  const call = { signal: session.io.signal };
  return {
    state: async () => (await client.overview(call)).log,
    entries: (from, to) => entries(client, from, to, call.signal),
    checkpoint: () => client.log.checkpoint(call),
    receipt: async (index) => (await client.log.entry(index, undefined, call)).receipt,
    evidence: (decision) => client.decisions.evidence(decision, call),
    audit: () => client.log.audit(call),
  };
}

async function* entries(
  client: Client,
  from: number,
  to: number | undefined,
  signal: AbortSignal,
): AsyncIterable<LogLine> {
  const end = to ?? Number.MAX_SAFE_INTEGER;
  for (let at = from; at < end; ) {
    const { items, size } = await client.log.entries({ from: at, to: Math.min(at + PAGE, end) }, { signal });
    for (const { index, leaf } of items) yield { ...leaf, index };
    at += items.length;
    if (items.length === 0 || at >= size) return;
  }
}

// What the server wants signed is checked: it must not be able to obtain another signature than the one meant.
function requireApproval(statement: Statement, { subject, environment, gate }: Question): void {
  const said = (statement.predicate ?? {}) as Record<string, unknown>;
  const { name, digest = {} } = statement.subject[0] ?? {};
  const about = digest.sha256;
  const fields = ["workspace", "action", "environment", "nonce"];
  const right =
    statement.predicateType === "https://countersign.dev/approval/v1" &&
    statement.subject.length === 1 &&
    Object.keys(digest).join() === "sha256" &&
    (isDigest(subject) ? subject === `sha256:${about}` : name === subject) &&
    Object.keys(said).every((field) => fields.includes(field)) &&
    said.environment === environment &&
    said.action === gate;
  if (right) return;
  throw new CountersignError(
    "predicate-unexpected",
    "the server asked for another signature than this approval; nothing was signed",
  );
}

async function signerOf(
  session: Session,
  key: string | undefined,
  standard: string,
  file?: string,
): Promise<Signer> {
  if (key !== undefined) return signerFromFile(session, key, file);
  throw new CountersignError("usage", `with a server, say which key is yours: it stays on this machine`, {
    detail: { remedy: `--key FILE   (countersign keys create ${standard} --out ${standard}.key makes one)` },
  });
}

async function admit(
  session: Session,
  client: Client,
  connection: Connection,
  request: AdmitRequest,
): Promise<AdmitResult> {
  const { path, name, progress, signal, author, ...declared } = request;
  const built = await buildManifest(path, {
    signal,
    onProgress: ({ bytesDone, bytes }) => progress.update("hashing", bytesDone, bytes),
  });
  const total = built.manifest.files.reduce((sum, file) => sum + file.size, 0);
  const counting = createClient({
    ...connection,
    fetch: countingFetch((sent) => progress.update("sending", Math.min(sent, total), total)),
  });
  const job = await counting.uploads.create(
    { name, files: await files(path, built), ...declared },
    { signal },
  );
  const done = await client.jobs
    .wait(job.id, {
      signal,
      onProgress: ({ progress: at }) =>
        progress.update(
          `server: ${at.step || "waiting"}`,
          at.done,
          at.total,
          at.step === "hash" ? "bytes" : "files",
        ),
    })
    .catch(async (cause: unknown) => {
      // Ctrl-C here means that the server need not go on either.
      if (signal.aborted) await client.jobs.cancel(job.id).catch(() => {});
      throw cause;
    });
  const result = done.result as AdmitResult;
  if (result.artifact !== built.digest) {
    throw new CountersignError(
      "file-changed",
      `the server recorded ${result.artifact}, but the files here are ${built.digest}`,
    );
  }
  if (!author) {
    session.output.note(safe`countersign: not signed; with --key FILE it could leave dev`);
    return result;
  }
  return signed(client, built, author, result, signal);
}

async function files(path: string, { manifest }: BuiltManifest): Promise<UploadFile[]> {
  const isDirectory = (await lstat(path)).isDirectory();
  return Promise.all(
    manifest.files.map(async ({ name }) => ({
      path: name,
      data: await openAsBlob(isDirectory ? join(path, name) : path),
    })),
  );
}

async function signed(
  client: Client,
  built: BuiltManifest,
  author: Signer,
  result: AdmitResult,
  signal: AbortSignal,
): Promise<AdmitResult> {
  await client.signatures.create(await bundleOf(built, author), { signal });
  const decision = await client.gate(
    { gate: "ingest", subject: built.digest, environment: "dev" },
    { signal },
  );
  return { ...result, signed: true, decision: { ...decision, name: result.name } };
}

function bundleOf({ manifest, name }: BuiltManifest, author: Signer): Promise<Uint8Array> {
  return signOmsStatement(omsStatementOf(manifest, name), author);
}

#!/usr/bin/env node
// Checks a Countersign decision offline, with nothing but Node and the keys that you pinned. Read it from top to
// bottom: it is the protocol. It believes those keys and SHA-256, and nobody else: not the file, not us.
//
//   node verify.mjs EVIDENCE.json --log-key VKEY --trust-root-key PEM-OR-FILE
//        [--witness-key VKEY ...] [--policy sha256:...] [--approvals N] [--files DIR-OR-FILE]
//
// Exit status: 0 yes, 1 no, 2 the command was wrong.

import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { createReadStream, lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// --- 1. Bytes -----------------------------------------------------------------------------------------------

function must(holds, reason) {
  if (!holds) throw new Error(reason);
}

const hash = (...parts) => parts.reduce((state, part) => state.update(part), createHash("sha256")).digest();
const digestOf = (bytes) => `sha256:${hash(bytes).toString("hex")}`;
const digestIn = ({ digest }) => `sha256:${digest.sha256}`;
const isDigest = (text) => /^sha256:[0-9a-f]{64}$/.test(text);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const json = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const hasExactly = (value, keys) => must(same(Object.keys(value).sort(), keys), `it has not just ${keys}`);

/** Strict: two spellings of the same bytes would be two files with the same meaning. */
function base64(text) {
  const bytes = Buffer.from(text, "base64");
  must(bytes.toString("base64") === text, "something that should be base64 is not");
  return bytes;
}

// --- 2. The checkpoint: what the log says of itself (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ---

const [LOG, WITNESS] = [1, 4];

/** A verifier key, `name+id+base64(type || key)`; the id is the start of SHA-256(name, newline, type, key). */
function parseVkey(text, type) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = base64(encoded ?? "");
  must(bytes.length === 33 && bytes[0] === type, `${text} is not a verifier key of the right type`);
  must(hash(`${name}\n`, bytes).toString("hex").startsWith(id), `the id of the key of ${name} is wrong`);
  const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.subarray(1).toString("base64url") };
  return { name, id, type, key: createPublicKey({ key: jwk, format: "jwk" }) };
}

/** A pinned key must have signed: the log the text, a witness its time and the text. */
function checkNote(text, lines, { name, id, type, key }) {
  const named = lines
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => base64(line.split(" ")[2]));
  const signatures = named.filter((bytes) => bytes.toString("hex").startsWith(id));
  must(signatures.length > 0, `${name} did not sign the checkpoint`);
  for (const bytes of signatures) {
    const head = type === LOG ? "" : `cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n`;
    const signature = bytes.subarray(type === LOG ? 4 : 12);
    must(
      verifySignature(null, Buffer.from(head + text), key, signature),
      `${name} signed another checkpoint`,
    );
  }
}

function openCheckpoint(note, logKey, witnessKeys) {
  const split = note.lastIndexOf("\n\n");
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split("\n");
  const whole = split > 0 && note.endsWith("\n") && lines.every((line) => /^— \S+ \S+$/.test(line));
  must(whole, "the checkpoint is not a signed note");
  for (const key of [logKey, ...witnessKeys]) checkNote(text, lines, key);
  const [origin, size, root] = text.split("\n");
  must(origin === logKey.name, `the checkpoint is of the log ${origin}, not of ${logKey.name}`);
  return { size: Number(size), root: base64(root) };
}

// --- 3. Entries: each is in the log that the checkpoint signs (RFC 9162, section 2.1.3.2) -------------------

function rootFrom(leafHash, index, size, proof) {
  let [node, last, found] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    must(last > 0, "an inclusion proof is too long");
    const right = node % 2 === 1 || node === last;
    found = right ? hash(Uint8Array.of(1), sibling, found) : hash(Uint8Array.of(1), found, sibling);
    while (right && node % 2 === 0 && node > 0) [node, last] = [node / 2, Math.floor(last / 2)];
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  must(last === 0, "an inclusion proof is too short");
  return found;
}

const LEAF = ["at", "envelope", "outcome", "predicate", "signer", "subjects", "v", "workspace"];

function readEntry(entry, { size, root }) {
  hasExactly(entry, ["envelope", "index", "leaf", "proof"]);
  const { index, proof } = entry;
  must(isCount(index) && index < size, "an entry is outside the log");
  const raw = base64(entry.leaf);
  const leaf = json(raw);
  hasExactly(leaf, LEAF);
  must(leaf.v === 1 && isCount(leaf.at), `the leaf of entry ${index} is of another version`);
  const leafHash = hash(Uint8Array.of(0), raw);
  must(rootFrom(leafHash, index, size, proof.map(base64)).equals(root), `entry ${index} is not in the log`);
  const object = entry.envelope === null ? null : base64(entry.envelope);
  must(object === null || digestOf(object) === leaf.envelope, `the object of entry ${index} was altered`);
  return { index, ...leaf, leafHash, object };
}

// --- 4. Envelopes: who signed what (DSSE v1, in-toto Statement v1) ------------------------------------------

const ALGORITHMS = { prime256v1: "sha256", secp384r1: "sha384", secp521r1: "sha512" };

/** A key's id is the SHA-256 of its SubjectPublicKeyInfo, with an uncompressed point. */
function publicKey(pem) {
  const key = createPublicKey({ key: createPublicKey(pem).export({ format: "jwk" }), format: "jwk" });
  const ed25519 = key.asymmetricKeyType === "ed25519";
  const algorithm = ed25519 ? null : ALGORITHMS[key.asymmetricKeyDetails.namedCurve];
  must(algorithm !== undefined && !/PRIVATE/.test(pem), "this is no public key of a kind that signs here");
  return { key, algorithm, keyId: digestOf(key.export({ type: "spki", format: "der" })) };
}

/** The statement that `signer` signed. A model signature is a Sigstore bundle around its envelope. */
function openEnvelope({ object, predicate }, { algorithm, key }) {
  const parsed = json(object);
  const { payloadType, payload, signatures } = predicate === "signature" ? parsed.dsseEnvelope : parsed;
  must(payloadType === "application/vnd.in-toto+json", "its payload is no in-toto statement");
  const body = base64(payload);
  const signed = Buffer.concat([Buffer.from(`DSSEv1 28 ${payloadType} ${body.length} `), body]);
  const good = signatures.some(({ sig }) => verifySignature(algorithm, signed, key, base64(sig)));
  must(good, "its signature is wrong");
  const statement = json(body);
  must(statement._type === "https://in-toto.io/Statement/v1", "its payload is no in-toto statement");
  return statement;
}

// --- 5. The trust root: who may say what. A root key of each version signs the next one ---------------------

const isCut = (keyId, index, cuts) => cuts.some((cut) => cut.keyId === keyId && index >= cut.fromIndex);

function readRoot(entry, before, signer) {
  const { predicateType, predicate: root } = openEnvelope(entry, signer);
  must(
    predicateType === typeOf("trust-root") && root.workspace === entry.workspace,
    "it is no trust root here",
  );
  must(
    root.version === (before?.version ?? 0) + 1 && root.previous === (before?.digest ?? null),
    "out of turn",
  );
  const keys = new Map(root.keys.map((key) => [key.keyId, { ...key, public: publicKey(key.pem) }]));
  for (const [id, key] of keys) must(key.public.keyId === id, "a key id is not that of its key");
  return { ...root, keys, index: entry.index, digest: entry.envelope };
}

/** All versions in log order. What anybody else signed is passed over: whoever can append must not take over. */
function walkRoots(entries, pinned) {
  const roots = [];
  for (const entry of entries.filter(({ predicate }) => predicate === "trust-root")) {
    const before = roots.at(-1);
    const ids = (before?.rootKeys ?? []).filter((id) => !isCut(id, entry.index, before.compromised));
    for (const signer of before ? ids.map((id) => before.keys.get(id)?.public) : [pinned]) {
      try {
        roots.push(readRoot(entry, before, signer));
        break;
      } catch {}
    }
  }
  return roots;
}

/** The key that signed, if the trust root lets it state this. A key that any version cuts off counts until there. */
function signerOf({ signer, predicate, index, at }, { root, roots }) {
  const key = root.keys.get(signer);
  must(key, "the trust root does not know its signer");
  must(
    !roots.some(({ compromised }) => isCut(signer, index, compromised)),
    "its signer's key is compromised",
  );
  must(
    at >= (key.validFrom ?? 0) && at < (key.validUntil ?? Infinity),
    "its signer's key was not valid then",
  );
  const rules = root.rules.filter(
    (rule) => key.roles.includes(rule.role) && rule.predicates.includes(predicate),
  );
  must(rules.length > 0, `its signer, ${key.principal}, may not state a ${predicate}`);
  return { ...key, rules };
}

// --- 6. Facts: which entries hold. Order is the log index, never a claimed time -----------------------------

const TYPES = { decision: "slsa.dev/verification_summary/v1", signature: "model_signing/signature/v1.0" };
const typeOf = (predicate) => `https://${TYPES[predicate] ?? `countersign.dev/${predicate}/v1`}`;
const assetKey = (workspace, name) => digestOf(`asset\0${workspace}\0${name}`);
const OUTCOMES = { approval: "positive", revocation: "negative", signature: "positive" };

/** The leaf must say of its statement what the statement says: it is what remains once the object is erased. */
function openEntry(entry, signer) {
  const statement = openEnvelope(entry, signer.public);
  const { predicate, workspace, outcome, subjects } = entry;
  must(statement.predicateType === typeOf(predicate), "it is of another kind than its leaf says");
  const scanned = statement.predicate.verdict === "clean" ? "positive" : "negative";
  must(
    outcome === (predicate === "scan" ? scanned : (OUTCOMES[predicate] ?? "neutral")),
    "its outcome is another",
  );
  const names = predicate === "manifest" ? statement.subject.filter(({ name }) => name !== undefined) : [];
  const keys = [...statement.subject.map(digestIn), ...names.map(({ name }) => assetKey(workspace, name))];
  must(predicate === "signature" || same([...new Set(keys)], subjects), "its subjects are others");
  return statement;
}

/** Judges an entry by itself: `{ entry, statement, principal, rules }`, or `{ entry, not: "why it does not count" }`. */
function judge(entry, world) {
  try {
    const signer = signerOf(entry, world);
    must(entry.object !== null, "it was erased");
    const statement = openEntry(entry, signer);
    const by = world.entries.find((other) => revokes(other, entry, signer.principal, world));
    must(!by, `it was revoked in entry ${by?.index}`);
    return { entry, statement, principal: signer.principal, rules: signer.rules };
  } catch (error) {
    return { entry, not: error.message };
  }
}

/** By its own signer, or by someone whom the trust root names. A revocation whose text is gone still counts. */
function revokes(other, entry, principal, world) {
  if (other.predicate !== "revocation" || !other.subjects.includes(entry.envelope)) return false;
  try {
    const signer = signerOf(other, world);
    if (other.object !== null) openEntry(other, signer);
    return signer.principal === principal || world.root.revokers.includes(signer.principal);
  } catch {
    return false;
  }
}

/** An object may be gone only if a tombstone says so, and what spoke against the artifact does so erased. */
function checkErased(entry, world) {
  const stones = world.entries.filter((other) => other.predicate === "tombstone");
  const stone = stones.find(
    (other) => other.subjects.includes(entry.envelope) && judge(other, world).statement,
  );
  must(stone, `the object of entry ${entry.index} is missing and no tombstone says why`);
  must(entry.outcome !== "negative", `entry ${entry.index}, which is erased, spoke against it`);
}

/** Does `next` replace `before`? Only what the same principal says about the same thing. */
function replaces(next, before) {
  const { predicate } = next.entry;
  if (predicate !== before.entry.predicate || next.principal !== before.principal) return false;
  const [now, then] = [next.statement.predicate, before.statement.predicate];
  if (predicate === "approval") return now.action === then.action && now.environment === then.environment;
  if (predicate === "declaration") return Object.keys(then).every((field) => field in now);
  if (predicate !== "scan" || now.scanner.name !== then.scanner.name) return false;
  return then.scanner.rules.localeCompare(now.scanner.rules, "en", { numeric: true }) <= 0;
}

const pickFile = ({ digest, name, size }) => ({ digest, name, size });
const manifestDigest = ({ files }) => digestOf(JSON.stringify({ files: files.map(pickFile) }));

/** A model signature counts if it is over exactly the manifest's files (OpenSSF Model Signing v1.0). */
function signs({ resources }, { files }) {
  const signed = resources.map(({ name, digest, algorithm }) => `${algorithm}:${digest} ${name}`);
  return same(signed.sort(), files.map(({ name, digest }) => `${digest} ${name}`).sort());
}

/** Is it about this artifact, and has its time not run out? What was found bad does not become good by waiting. */
function fits({ entry, statement: { predicate } }, artifact, manifest) {
  if (entry.predicate === "manifest") return manifestDigest(predicate.manifest) === artifact;
  if (entry.predicate === "signature") return manifest !== undefined && signs(predicate, manifest);
  return entry.predicate !== "approval" || predicate.workspace === entry.workspace;
}

function inTime({ entry, statement: { predicate } }, now) {
  const ends =
    entry.predicate === "approval" || (entry.predicate === "scan" && predicate.verdict === "clean");
  return !ends || now < (predicate.validUntil ?? Infinity);
}

function hold(judged, artifact, now) {
  const envelopes = judged.map(({ entry }) => entry.envelope);
  const counted = judged.filter(
    (item, at) => item.statement && envelopes.indexOf(item.entry.envelope) === at,
  );
  const isManifest = (item) => item.entry.predicate === "manifest" && fits(item, artifact);
  const manifest = counted.find(isManifest)?.statement.predicate.manifest;
  const facts = counted.filter((item) => fits(item, artifact, manifest));
  const current = facts.filter((item, at) => !facts.slice(at + 1).some((later) => replaces(later, item)));
  const isFact = ({ entry }) => entry.predicate !== "decision" && entry.predicate !== "promotion";
  return { manifest, held: current.filter((item) => isFact(item) && inTime(item, now)) };
}

// --- 7. The decision ----------------------------------------------------------------------------------------

function openDecision(entry, world) {
  must(entry.predicate === "decision", "the file points at no decision");
  const { statement, not } = judge(entry, world);
  must(statement, `the decision does not count: ${not}`);
  const { countersign: said, ...summary } = statement.predicate;
  const about = world.entries.filter(({ subjects }) => subjects.includes(said.artifact));
  must(same(entry.subjects, [said.artifact]), "the decision is about two artifacts");
  must(said.logSize <= entry.index, "the decision read a log that did not exist yet");
  const newer = about.some(({ predicate, index }) => predicate === "decision" && index > entry.index);
  must(!newer, "the file holds a newer decision than the one it points at");
  must(
    summary.verificationResult === (said.outcome === "allow" ? "PASSED" : "FAILED"),
    "it contradicts itself",
  );
  const now = Date.parse(summary.timeVerified);
  const { root } = world;
  must(said.trustRoot === root.digest, "the decision rests on another trust root");
  must(
    root.validFrom <= now && now < root.validUntil && now <= entry.at,
    "the trust root was not valid then",
  );
  return { said, summary, about, now };
}

/** The count and running hash that the decision signed: nothing about the artifact was left out of the file. */
function readChain(about, { logSize, subject }) {
  const chain = about.filter(({ index }) => index < logSize);
  const running = chain.reduce((before, { leafHash }) => hash(before, leafHash), Buffer.alloc(32));
  must(
    chain.length === subject.count,
    `the decision read ${subject.count} entries, the file has ${chain.length}`,
  );
  must(running.toString("hex") === subject.hash, "these are not the entries that the decision read");
  return chain;
}

function checkInputs(held, judged, inputs) {
  for (const input of inputs) {
    const found = judged.find(({ entry }) => entry.envelope === input);
    must(found, `the decision rests on ${input}, which is not in the file`);
    const why = found.not ?? "it was superseded, out of date or about something else";
    must(
      held.includes(found),
      `the decision rests on entry ${found.entry.index}, which does not hold: ${why}`,
    );
  }
  const ignored = held.find(({ entry }) => !inputs.includes(entry.envelope))?.entry;
  must(!ignored, `the decision ignored entry ${ignored?.index}, a ${ignored?.predicate} that holds`);
}

function worstScan(held) {
  const scans = held
    .filter(({ entry }) => entry.predicate === "scan")
    .map((item) => item.statement.predicate);
  const verdicts = scans.flatMap(({ verdict, files }) => [verdict, ...files.map((file) => file.verdict)]);
  const bad = verdicts.find((verdict) => verdict !== "clean" && verdict !== "suspicious");
  must(!bad, `a scan that holds says ${bad}`);
  return verdicts.includes("suspicious")
    ? "suspicious, which the policy allowed"
    : (verdicts[0] ?? "not there");
}

/** Who approved this digest at this gate, in this environment. Who signed or brought the artifact does not count. */
function approversOf(held, { gate, environment }) {
  const signers = held
    .filter(({ entry }) => entry.predicate === "signature")
    .map(({ principal }) => principal);
  const submitters = held.map(({ statement }) => statement.predicate.submitter);
  const allowed = ({ environments }) => environments === undefined || environments.includes(environment);
  const approvals = held.filter(({ entry, rules, statement: { predicate } }) => {
    const here = predicate.action === gate && predicate.environment === environment;
    return entry.predicate === "approval" && here && rules.some(allowed);
  });
  const names = approvals.map(({ principal }) => principal);
  return [...new Set(names)].filter((name) => !signers.includes(name) && !submitters.includes(name));
}

// --- 8. The whole check, in order ---------------------------------------------------------------------------

function check(file, { logKey, trustRootKey, witnessKeys = [], policy: pinned, approvals = 0 }, say) {
  hasExactly(file, ["checkpoint", "decision", "entries", "format", "manifest", "trustRoot"]);
  must(file.format === "countersign-evidence/v1", "the file is of another format");
  const witnesses = witnessKeys.map((text) => parseVkey(text, WITNESS));
  const checkpoint = openCheckpoint(file.checkpoint, parseVkey(logKey, LOG), witnesses);
  say(
    `The log signed a checkpoint over ${checkpoint.size} entries; ${witnesses.length} pinned witnesses cosigned.`,
  );

  const all = file.entries.map((entry) => readEntry(entry, checkpoint));
  const inOrder = ({ index, at }, i) => i === 0 || (index > all[i - 1].index && at >= all[i - 1].at);
  must(all.every(inOrder), "the entries are not in log order");
  say(`All ${all.length} entries of the file are in that log, and their objects are unaltered.`);

  const entry = all[file.decision];
  const entries = all.filter(({ workspace }) => workspace === entry.workspace);
  const roots = walkRoots(entries, publicKey(trustRootKey));
  const root = roots.filter(({ index }) => index < entry.index).at(-1);
  must(root, "there is no trust root that the pinned key signed");
  const world = { entries, root, roots };
  const { said, summary, about, now } = openDecision(entry, world);
  must(all[file.trustRoot]?.envelope === root.digest, "the file points at another trust root");
  say(
    `Trust root version ${root.version} leads back to the pinned key and lets the decision's signer decide.`,
  );
  must(
    said.outcome === "allow",
    `it is ${said.outcome}: ${said.reasons.map(({ reason }) => reason).join(" ")}`,
  );

  const chain = readChain(about, said);
  say(`The ${chain.length} entries about ${said.artifact} are exactly those that the decision read.`);
  for (const item of about.filter(({ object }) => object === null)) checkErased(item, world);
  const judged = chain.map((item) => judge(item, world));
  const { held, manifest } = hold(judged, said.artifact, now);
  checkInputs(held, judged, summary.inputAttestations.map(digestIn));
  say(
    `Its ${held.length} inputs hold, and it ignored none: allowed signers, not revoked, superseded or expired.`,
  );
  must(manifest, "no manifest that holds says which files these are");
  must(!file.manifest || manifestDigest(file.manifest) === said.artifact, "the file's manifest is another");
  say(`The scan is ${worstScan(held)}.`);
  const isAgainst = ({ index, outcome }) => index >= said.logSize && outcome === "negative";
  const against = about.find((item) => isAgainst(item) && judge(item, world).statement);
  must(!against, `entry ${against?.index}, newer than what the decision read, speaks against it`);

  const approvers = approversOf(held, said);
  const needed = Math.max(said.approvalsNeeded, approvals);
  must(approvers.length >= needed, `${approvers.length} approvals hold and ${needed} are needed`);
  say(`Approved by ${approvers.join(", ") || "nobody"}; ${needed} approvals were asked for.`);
  const policy = digestIn(summary.policy);
  must(isDigest(policy) && (pinned ?? policy) === policy, `another policy decided: ${policy}`);
  say(`The policy ${policy} decided${pinned ? ", as you pinned" : "; pin it with --policy"}.`);
  const { gate, environment, artifact } = said;
  const { resourceUri: name, timeVerified: at } = summary;
  return { decision: entry.envelope, name, artifact, gate, environment, at, approvers, policy, manifest };
}

/** Returns `{ yes, reason, checked, claims }` and never throws: whatever goes wrong means no. */
export function verifyEvidence(bytes, options) {
  const checked = [];
  try {
    return {
      yes: true,
      reason: "",
      checked,
      claims: check(json(bytes), options, (line) => checked.push(line)),
    };
  } catch (error) {
    return { yes: false, reason: error.message, checked };
  }
}

// --- 9. The files: are these the bytes that were decided on? ------------------------------------------------

const NOT_PART = [".git", ".gitignore", ".gitattributes", ".github"];

function filesUnder(root, prefix = "") {
  const names = readdirSync(join(root, prefix)).filter((name) => prefix !== "" || !NOT_PART.includes(name));
  return names.flatMap((entry) => {
    const [name, path] = [prefix + entry, join(root, prefix, entry)];
    const status = lstatSync(path);
    must(status.isFile() || status.isDirectory(), `${name} is a link or a device`);
    return status.isDirectory() ? filesUnder(root, `${name}/`) : [{ name, path }];
  });
}

/** Every file of the manifest must be there unaltered, and no other. */
export async function checkFiles(path, { files }) {
  const found = lstatSync(path).isFile() ? [{ name: basename(path), path }] : filesUnder(path);
  const missing = files.find(({ name }) => !found.some((file) => file.name === name));
  must(!missing, `${missing?.name} is missing`);
  for (const { name, path } of found) {
    const state = createHash("sha256");
    for await (const chunk of createReadStream(path)) state.update(chunk);
    const listed = files.find((file) => file.name === name);
    must(listed, `${name} is not part of what was decided on`);
    must(listed.digest === `sha256:${state.digest("hex")}`, `${name} was altered`);
  }
}

// --- 10. The command line -----------------------------------------------------------------------------------

const USAGE = `usage: node verify.mjs EVIDENCE.json --log-key VKEY --trust-root-key PEM-OR-FILE
       [--witness-key VKEY ...] [--policy sha256:...] [--approvals N] [--files DIR-OR-FILE]`;
const text = { type: "string" };
const TEXTS = { "log-key": text, "trust-root-key": text, policy: text, approvals: text, files: text };

function readCommand(args) {
  const options = { ...TEXTS, "witness-key": { ...text, multiple: true } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const {
    policy,
    files,
    "log-key": logKey = "",
    "trust-root-key": root = "",
    "witness-key": witnessKeys,
  } = values;
  const trustRootKey = root.includes("BEGIN") ? root : readFileSync(root, "utf8");
  const approvals = Number(values.approvals ?? 0);
  must(positionals.length === 1 && isCount(approvals) && isDigest(policy ?? digestOf("")), "unclear command");
  for (const [key, type] of [[logKey, LOG], ...(witnessKeys ?? []).map((key) => [key, WITNESS])])
    parseVkey(key, type);
  publicKey(trustRootKey);
  if (files !== undefined) lstatSync(files);
  const pinned = { logKey, trustRootKey, witnessKeys, policy, approvals };
  return { bytes: readFileSync(positionals[0]), pinned, files };
}

async function main(args) {
  let command;
  try {
    command = readCommand(args);
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  const { reason, checked, claims } = verifyEvidence(command.bytes, command.pinned);
  for (const line of checked) console.log(`- ${line}`);
  try {
    must(claims, reason);
    if (command.files !== undefined) await checkFiles(command.files, claims.manifest);
    if (command.files !== undefined)
      console.log("- The files are the ones that were decided on, and no other.");
    const { gate, name, artifact, environment, at } = claims;
    console.log(`Yes: ${gate} of ${name} (${artifact}) in ${environment} was allowed at ${at}.`);
    return 0;
  } catch (error) {
    console.log(`No: ${error.message}.`);
    return 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}

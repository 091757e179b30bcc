#!/usr/bin/env node
// Checks a Countersign decision offline, with nothing but Node and the keys that you pinned. Read it from top to
// bottom: it is the protocol. It believes those keys and SHA-256, and nobody else: not the file, not us.
// It says what was allowed then, on all that the decision read; what came later it sees only if it is in the file.

import { createHash, createPublicKey, verify } from "node:crypto";
import { createReadStream, lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

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
  const [, name, id, encoded = ""] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = base64(encoded);
  must(bytes.length === 33 && bytes[0] === type, `"${text}" is no verifier key of the right type`);
  must(hash(`${name}\n`, bytes).toString("hex").startsWith(id), `the id of the key of ${name} is wrong`);
  const jwk = { kty: "OKP", crv: "Ed25519", x: bytes.subarray(1).toString("base64url") };
  return { name, id, type, key: createPublicKey({ key: jwk, format: "jwk" }) };
}

/** A pinned key must have signed: the log the text, a witness its time and the text. */
function checkNote(text, lines, { name, id, type, key }) {
  const ours = lines
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => base64(line.split(" ")[2]));
  const signature = ours.find((bytes) => bytes.toString("hex").startsWith(id));
  must(signature, `${name} did not sign the checkpoint`);
  const head = type === LOG ? "" : `cosignature/v1\ntime ${signature.readBigUInt64BE(4)}\n`;
  const good = verify(null, Buffer.from(head + text), key, signature.subarray(type === LOG ? 4 : 12));
  must(good, `the signature of ${name} is not over this checkpoint`);
}

function openCheckpoint(note, log, witnesses) {
  const [, text, block] = /^([\s\S]+\n)\n((?:— \S+ \S+\n)+)$/.exec(note) ?? [];
  must(text, "the checkpoint is no signed note");
  for (const key of [log, ...witnesses]) checkNote(text, block.split("\n"), key);
  const [origin, size, root] = text.split("\n");
  must(origin === log.name, `the checkpoint is of the log ${origin}, not of ${log.name}`);
  return { size: Number(size), root: base64(root) };
}

// --- 3. Entries: each is in the log that the checkpoint signs (RFC 9162, section 2.1.3.2) -------------------

/** The root hash that a leaf and its inclusion proof lead to. */
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

/** The leaf's fields, its index and its hash, and the object that it names, or null if that is gone. */
function readEntry({ index, leaf: encoded, proof, envelope }, { size, root }) {
  must(isCount(index) && index < size, "an entry is outside the log");
  const raw = base64(encoded);
  const leaf = json(raw);
  must(leaf.v === 1 && JSON.stringify(leaf) === raw.toString(), `the leaf of entry ${index} is malformed`);
  const leafHash = hash(Uint8Array.of(0), raw);
  must(rootFrom(leafHash, index, size, proof.map(base64)).equals(root), `entry ${index} is not in the log`);
  const object = envelope === null ? null : base64(envelope);
  must(object === null || digestOf(object) === leaf.envelope, `the object of entry ${index} was altered`);
  return { ...leaf, index, leafHash, object };
}

// --- 4. Envelopes: who signed what (DSSE v1, in-toto Statement v1) ------------------------------------------

const ALGORITHMS = { prime256v1: "sha256", secp384r1: "sha384", secp521r1: "sha512" };

/** A key's id is the SHA-256 of its SubjectPublicKeyInfo, with an uncompressed point. */
function publicKey(pem) {
  must(/^\s*-----BEGIN PUBLIC KEY-----/.test(pem), "a public key is not in PEM");
  const key = createPublicKey({ key: createPublicKey(pem).export({ format: "jwk" }), format: "jwk" });
  const ed25519 = key.asymmetricKeyType === "ed25519";
  const algorithm = ed25519 ? null : ALGORITHMS[key.asymmetricKeyDetails.namedCurve];
  must(algorithm !== undefined, "a public key is of a kind that does not sign here");
  return { key, algorithm, keyId: digestOf(key.export({ type: "spki", format: "der" })) };
}

/** The bytes that a signature covers. A model signature is a Sigstore bundle around its envelope. */
function unwrap({ object, predicate }) {
  const parsed = json(object);
  const { payloadType, payload, signatures } = predicate === "signature" ? parsed.dsseEnvelope : parsed;
  const body = base64(payload);
  const signed = Buffer.concat([Buffer.from(`DSSEv1 28 ${payloadType} ${body.length} `), body]);
  return { payloadType, signatures, body, signed };
}

const saidIn = (entry) => digestOf(unwrap(entry).signed);

/** The statement that `signer` signed. */
function openEnvelope(entry, { algorithm, key }) {
  const { payloadType, signatures, body, signed } = unwrap(entry);
  const good = signatures.some(({ sig }) => verify(algorithm, signed, key, base64(sig)));
  must(good, "its signature is wrong");
  const statement = json(body);
  must(payloadType === "application/vnd.in-toto+json", "its payload is of another type");
  must(statement._type === "https://in-toto.io/Statement/v1", "its payload is no in-toto statement");
  return statement;
}

// --- 5. The trust root: who may say what. A root key of each version signs the next one ---------------------

const isCut = (keyId, index, { compromised }) =>
  compromised.some((cut) => cut.keyId === keyId && index >= cut.fromIndex);

function readRoot(entry, before, signer) {
  const { predicateType, predicate: root } = openEnvelope(entry, signer);
  must(predicateType === typeOf("trust-root") && root.workspace === entry.workspace, "it is another's");
  const follows = root.version === (before?.version ?? 0) + 1 && root.previous === (before?.envelope ?? null);
  must(follows, "it does not follow the one before");
  const keys = root.keys.map((key) => ({ ...key, ...publicKey(key.pem) }));
  return {
    ...root,
    keys: new Map(keys.map((key) => [key.keyId, key])),
    index: entry.index,
    envelope: entry.envelope,
  };
}

/** All versions in log order. What anybody else signed is passed over: whoever can append must not take over. */
function walkRoots(entries, pinned) {
  const roots = [];
  for (const entry of of(entries, "trust-root")) {
    const before = roots.at(-1);
    const ids = before?.rootKeys.filter((id) => !isCut(id, entry.index, before));
    for (const signer of ids?.map((id) => before.keys.get(id)) ?? [pinned]) {
      try {
        roots.push(readRoot(entry, before, signer));
        break;
      } catch {}
    }
  }
  return roots;
}

/** The signer, if the trust root lets it state this. A key that any version cuts off counts until there. */
function signerOf({ signer, predicate, index, at }, { root, roots }) {
  const key = root.keys.get(signer);
  must(key, "the trust root does not know its signer");
  must(!roots.some((version) => isCut(signer, index, version)), "its signer's key is compromised");
  const { principal, roles, validFrom = 0, validUntil = Infinity } = key;
  must(at >= validFrom && at < validUntil, "its signer's key was not valid then");
  const allows = (rule) => roles.includes(rule.role) && rule.predicates.includes(predicate);
  must(root.rules.some(allows), `its signer, ${principal}, may not state a ${predicate}`);
  return { ...key, rules: root.rules.filter(allows) };
}

// --- 6. Facts: which entries hold. Order is the log index, never a claimed time -----------------------------

const TYPES = {
  decision: "slsa.dev/verification_summary/v1",
  provenance: "slsa.dev/provenance/v1",
  signature: "model_signing/signature/v1.0",
};
const typeOf = (predicate) => `https://${TYPES[predicate] ?? `countersign.dev/${predicate}/v1`}`;
const OWN =
  /^https:\/\/countersign\.dev\/(approval|asset|containment|declaration|deployment|lineage|manifest|profile|promotion|revocation|scan|tombstone|trust-root)\/v1$/;
const isKnown = (type) => OWN.test(type) || Object.keys(TYPES).some((name) => typeOf(name) === type);
const of = (entries, wanted) => entries.filter(({ predicate }) => predicate === wanted);

const isClean = ({ verdict, files }) =>
  verdict === "clean" && files.every((file) => file.verdict === "clean");

function outcomeOf(predicate, body) {
  if (predicate === "scan") return isClean(body) ? "positive" : "negative";
  if (predicate === "approval" || predicate === "signature") return "positive";
  return predicate === "revocation" || predicate === "containment" ? "negative" : "neutral";
}

/** What an entry says. Its leaf must say the same: the leaf is what remains once the object is erased. */
function openEntry(entry, signer) {
  const { subject, predicateType, predicate: body } = openEnvelope(entry, signer);
  const { predicate, workspace, outcome, subjects } = entry;
  const fits = predicate === "other" ? !isKnown(predicateType) : predicateType === typeOf(predicate);
  must(fits, "its leaf says that it is of another kind");
  must(outcome === outcomeOf(predicate, body), "its leaf says that it means something else");
  const names = predicate === "manifest" ? subject.flatMap(({ name }) => name ?? []) : [];
  const assets = names.map((name) => digestOf(`asset\0${workspace}\0${name}`));
  const named = [...new Set([...subject.map(digestIn).filter(isDigest), ...assets])];
  must(predicate === "signature" || same(named, subjects), "its leaf names other subjects");
  return body;
}

/**
 * The entry with what it says (`body`) and who says it, or with the reason why it does not count (`not`). `said` names what
 * was signed, in whatever envelope: what was revoked or erased in one is so in every other, and repetitions do not count.
 */
function judge(entry, world) {
  let seen = {};
  try {
    const { principal, rules, ...key } = signerOf(entry, world);
    const stone = tombstoneOf(entry, world);
    seen = { principal, said: stone?.body.statement, ended: stone !== undefined };
    must(!stone && entry.object !== null, "it was erased");
    seen = { ...seen, unreadable: true };
    const body = openEntry(entry, key);
    seen = { ...seen, said: saidIn(entry), body, unreadable: false };
    const by = of(world.entries, "revocation").find((other) => revokes(other, entry, principal, world));
    seen.ended = by !== undefined;
    must(!by, `it was revoked in entry ${by?.index}`);
    return { ...entry, ...seen, rules };
  } catch (error) {
    return { ...entry, ...seen, not: error.message };
  }
}

function tombstoneOf({ envelope, predicate }, world) {
  if (predicate === "tombstone") return undefined;
  const stones = of(world.entries, "tombstone").filter(({ subjects }) => subjects.includes(envelope));
  return stones.map((stone) => judge(stone, world)).find(({ not }) => not === undefined);
}

/** By its own signer, or by someone whom the trust root names. A revocation whose text is gone still counts. */
function revokes(other, { envelope }, principal, world) {
  if (!other.subjects.includes(envelope)) return false;
  try {
    const signer = signerOf(other, world);
    if (other.object !== null) openEntry(other, signer);
    return [principal, ...world.root.revokers].includes(signer.principal);
  } catch {
    return false;
  }
}

/** An object may be gone only if a tombstone says so, and what spoke against the artifact does so erased. */
function checkErased(entry, world) {
  const { index, outcome } = entry;
  must(tombstoneOf(entry, world), `the object of entry ${index} is missing and no tombstone says why`);
  must(outcome !== "negative", `entry ${index}, which is erased, spoke against it`);
}

/** Does `next` replace `before`? Only what the same principal says about the same thing. */
function replaces(next, before) {
  const [now, then] = [next.body, before.body];
  const about = ({ predicate, principal, signer, body: { scanner, action, environment } }) =>
    JSON.stringify([
      predicate,
      predicate === "approval" ? signer : principal,
      scanner?.name,
      action,
      environment,
    ]);
  if (about(next) !== about(before)) return false;
  const { nonce: _, tags, ...declared } = then;
  if (next.predicate === "declaration") return covers(now, declared) && covers(now.tags, tags);
  if (next.predicate !== "scan") return next.predicate === "approval";
  return compareRules(then.scanner.rules, now.scanner.rules) <= 0;
}

const covers = (next = {}, before = {}) => Object.keys(before).every((name) => Object.hasOwn(next, name));

/** Part by part: numbers as numbers, the rest as text. */
function compareRules(a, b) {
  const [left, right] = [a.split(/[.\-+]/), b.split(/[.\-+]/)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one, other] = [left[at] ?? "", right[at] ?? ""];
    if (one === other) continue;
    const numbers = [one, other].every((part) => /^\d{1,15}$/.test(part));
    if (!numbers || Number(one) !== Number(other))
      return (numbers ? Number(one) < Number(other) : one < other) ? -1 : 1;
  }
  return 0;
}

const pick = ({ digest, name, size }) => ({ digest, name, size });
const manifestDigest = ({ files }) => digestOf(JSON.stringify({ files: files.map(pick) }));

/** A model signature counts if it is over exactly the manifest's files (OpenSSF Model Signing v1.0). */
function signs({ resources }, { files }) {
  const signed = resources.map(({ name, digest, algorithm }) => `${algorithm}:${digest} ${name}`);
  return same(signed.sort(), files.map(({ name, digest }) => `${digest} ${name}`).sort());
}

/** What holds of a chain, in log order: an entry that comes again, or that a later one replaces, does not. */
function hold(chain, artifact, now) {
  const sayings = chain.map(({ signer, said, envelope }) => `${signer} ${said ?? envelope}`);
  const ended = new Set(sayings.filter((_, at) => chain[at].ended));
  const counted = chain.filter(
    ({ body, not }, at) => body && !not && !ended.has(sayings[at]) && sayings.indexOf(sayings[at]) === at,
  );
  const isArtifact = ({ body }) => manifestDigest(body.manifest) === artifact;
  const manifest = of(counted, "manifest").find(isArtifact)?.body.manifest;
  const fits = {
    manifest: isArtifact,
    signature: ({ body }) => manifest !== undefined && signs(body, manifest),
    approval: ({ body, workspace }) => body.workspace === workspace,
    decision: () => false,
    deployment: () => false,
    promotion: () => false,
  };
  const facts = counted.filter((item) => fits[item.predicate]?.(item) ?? true);
  const current = facts.filter((item, at) => !facts.slice(at + 1).some((later) => replaces(later, item)));
  // Approvals and clean scans end; what was found bad does not become good by waiting.
  const ends = ({ predicate, body }) => predicate === "approval" || (predicate === "scan" && isClean(body));
  const held = current.filter((item) => !ends(item) || now < (item.body.validUntil ?? Infinity));
  return { manifest, held };
}

// --- 7. The decision ----------------------------------------------------------------------------------------

function openDecision(entry, world) {
  must(entry.predicate === "decision", "the file points at no decision");
  const { body, not } = judge(entry, world);
  must(!not, `the decision does not count: ${not}`);
  const { countersign: said, verificationResult: result, timeVerified } = body;
  const about = world.entries.filter(({ subjects }) => subjects.includes(said.artifact));
  const newer = of(about, "decision").some(({ index }) => index > entry.index);
  must(!newer, "the file holds a newer decision than the one it points at");
  const whole = same(entry.subjects, [said.artifact]) && said.logSize <= entry.index;
  const agrees = result === (said.outcome === "allow" ? "PASSED" : "FAILED");
  must(whole && agrees, "the decision contradicts itself");
  const [now, { root }] = [Date.parse(timeVerified), world];
  must(said.trustRoot === root.envelope, "the decision rests on another trust root");
  must(root.validFrom <= now && now < root.validUntil, "the trust root was not valid then");
  must(now <= entry.at, "the decision is younger than its entry");
  return { said, body, about, now };
}

/** The count and running hash that the decision signed: nothing about the artifact was left out of the file. */
function readChain(about, { logSize, subject: { count, hash: expected } }) {
  const chain = about.filter(({ index }) => index < logSize);
  const running = chain.reduce((before, { leafHash }) => hash(before, leafHash), Buffer.alloc(32));
  must(chain.length === count, `the decision read ${count} entries, the file has ${chain.length}`);
  must(running.toString("hex") === expected, "these are not the entries that the decision read");
  return chain;
}

/** The decision's inputs must be what holds: no more, and no less. */
function checkInputs(held, judged, inputs) {
  for (const input of inputs) {
    const { index, not = "it is out of date" } = judged.find(({ envelope }) => envelope === input) ?? {};
    must(index !== undefined, `the decision rests on ${input}, which is not in the file`);
    const holds = held.some(({ envelope }) => envelope === input);
    must(holds, `the decision rests on entry ${index}, which does not hold: ${not}`);
  }
  const ignored = held.find(({ envelope }) => !inputs.includes(envelope));
  must(!ignored, `the decision ignored entry ${ignored?.index}, a ${ignored?.predicate} that holds`);
}

function worstScan(held, manifest) {
  const scans = of(held, "scan").map(({ body }) => body);
  const read = new Set(
    scans.flatMap(({ files }) => files.map(({ path, sha256 }) => `sha256:${sha256} ${path}`)),
  );
  const missed = manifest.files.find(({ name, digest }) => !read.has(`${digest} ${name}`));
  must(!missed, `no scan that holds has read ${missed?.name}`);
  const verdicts = scans.flatMap(({ verdict, files }) => [verdict, ...files.map((file) => file.verdict)]);
  const bad = verdicts.find((verdict) => verdict !== "clean" && verdict !== "suspicious");
  must(!bad, `a scan that holds says ${bad}`);
  return verdicts.includes("suspicious") ? "suspicious, and allowed" : (verdicts[0] ?? "not there");
}

/** Who approved this digest at this gate, in this environment. Who signed or brought the artifact does not count. */
function approversOf(held, judged, { gate, environment }) {
  // Authorship is history: it is not shed by a revocation.
  const signers = of(judged, "signature").map(({ principal }) => principal);
  const authors = [...signers, ...of(judged, "manifest").map(({ body }) => body?.submitter)];
  const here = ({ environments }) => environments === undefined || environments.includes(environment);
  const approvals = of(held, "approval").filter(({ body, rules, principal }) => {
    const right = body.action === gate && body.environment === environment && rules.some(here);
    return right && !authors.includes(principal);
  });
  return [...new Set(approvals.map(({ principal }) => principal))];
}

// --- 8. The whole check, in order ---------------------------------------------------------------------------

/** Reads the pins: all that is believed. */
function readPins({ logKey, trustRootKey, witnessKeys = [], policy, approvals = 0 }) {
  must(isCount(approvals) && (!policy || isDigest(policy)), "a policy is a digest, approvals are a number");
  const witnesses = witnessKeys.map((text) => parseVkey(text, WITNESS));
  return { log: parseVkey(logKey, LOG), root: publicKey(trustRootKey), witnesses, pinned: policy, approvals };
}

function check(file, { log, root: rootKey, witnesses, pinned, approvals }, say) {
  must(file.format === "countersign-evidence/v1", "the file is of another format");
  const checkpoint = openCheckpoint(file.checkpoint, log, witnesses);
  say(`The log signed a checkpoint over ${checkpoint.size} entries; ${witnesses.length} witnesses cosigned.`);

  const all = file.entries.map((entry) => readEntry(entry, checkpoint));
  const inOrder = ({ index, at }, i) => i === 0 || (index > all[i - 1].index && at >= all[i - 1].at);
  must(all.every(inOrder), "the entries are not in log order");
  say(`All ${all.length} entries of the file are in that log, and their objects are unaltered.`);

  const entry = all[file.decision];
  const entries = all.filter(({ workspace }) => workspace === entry.workspace);
  const roots = walkRoots(entries, rootKey);
  const root = roots.findLast(({ index }) => index < entry.index);
  must(root, "there is no trust root that the pinned key signed");
  const world = { entries, root, roots };
  const { said, body, about, now } = openDecision(entry, world);
  must(all[file.trustRoot]?.envelope === root.envelope, "the file points at another trust root");
  say(`Trust root version ${root.version} of the workspace ${root.workspace} leads back to the pinned key.`);
  const { artifact, gate, environment, outcome, reasons } = said;
  must(outcome === "allow", `it is ${outcome}: ${reasons.map(({ reason }) => reason).join(" ")}`);

  const chain = readChain(about, said);
  say(`The ${chain.length} entries about ${artifact} are exactly those that the decision read.`);
  for (const item of about) if (item.object === null) checkErased(item, world);
  const judged = chain.map((item) => judge(item, world));
  const { held, manifest } = hold(judged, artifact, now);
  checkInputs(held, judged, body.inputAttestations.map(digestIn));
  const unreadable = judged.find((item) => item.unreadable && item.outcome === "negative");
  must(!unreadable, `entry ${unreadable?.index} speaks against it and cannot be read`);
  say(`Its ${held.length} inputs hold, and it ignored none that does.`);
  must(manifest, "no manifest that holds says which files these are");
  must(of(held, "containment").length === 0, "it is contained: nobody may use it");
  must(!file.manifest || manifestDigest(file.manifest) === artifact, "the file's manifest is another");
  say(`The scan is ${worstScan(held, manifest)}.`);
  const later = about.filter(({ index, outcome }) => index >= said.logSize && outcome === "negative");
  const against = later.find((item) => {
    const { not, unreadable: torn } = judge(item, world);
    return not === undefined || torn;
  });
  must(!against, `entry ${against?.index}, newer than what the decision read, speaks against it`);

  const approvers = approversOf(held, judged, said);
  const needed = Math.max(said.approvalsNeeded, approvals);
  must(approvers.length >= needed, `${approvers.length} approvals hold and ${needed} are needed`);
  say(`Approved by ${approvers.join(", ") || "nobody"}; ${needed} approvals were asked for.`);
  const policy = digestIn(body.policy);
  must(isDigest(policy) && (pinned ?? policy) === policy, `another policy decided: ${policy}`);
  say(`The policy ${policy} decided${pinned ? ", as you pinned" : "; pin it with --policy"}.`);
  const { resourceUri: name, timeVerified: at } = body;
  const asked = { workspace: entry.workspace, name, artifact, gate, environment };
  return { ...asked, decision: entry.envelope, at, approvers, policy, manifest };
}

/** Returns `{ yes, reason, checked, claims }` and never throws: whatever goes wrong means no. */
export function verifyEvidence(bytes, options) {
  const checked = [];
  try {
    const claims = check(json(bytes), readPins(options), (line) => checked.push(line));
    return { yes: true, reason: "", checked, claims };
  } catch ({ name, message }) {
    return { yes: false, reason: name === "Error" ? message : `it is malformed: ${message}`, checked };
  }
}

// --- 9. The files: are these the bytes that were decided on? ------------------------------------------------

const NOT_PART = /^\.git(ignore|attributes|hub)?($|\/)/;

function filesUnder(root) {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.map((path) => ({ path, name: relative(root, path).replaceAll("\\", "/") }));
  return files.filter(({ name }) => !NOT_PART.test(name));
}

/** Every file of the manifest must be there unaltered, and no other. */
export async function checkFiles(root, { files }) {
  const found = lstatSync(root).isDirectory() ? filesUnder(root) : [{ path: root, name: basename(root) }];
  const missing = files.find(({ name }) => !found.some((file) => file.name === name));
  must(!missing, `${missing?.name} is missing`);
  for (const { path, name } of found) {
    const listed = files.find((file) => file.name === name);
    must(listed && lstatSync(path).isFile(), `${name} is not part of what was decided on`);
    const state = createHash("sha256");
    for await (const chunk of createReadStream(path)) state.update(chunk);
    must(listed.digest === `sha256:${state.digest("hex")}`, `${name} was altered`);
  }
}

// --- 10. The command line -----------------------------------------------------------------------------------

const USAGE = `usage: node verify.mjs EVIDENCE.json --log-key VKEY --trust-root-key PEM-OR-FILE
       [--witness-key VKEY ...] [--policy sha256:...] [--approvals N] [--files DIR-OR-FILE]
exit status: 0 yes, 1 no, 2 the command was wrong`;
const NAMES = ["--log-key", "--trust-root-key", "--witness-key", "--policy", "--approvals", "--files"];

function readCommand([evidence, ...args]) {
  const given = new Map(NAMES.map((name) => [name, []]));
  for (const [at, name] of args.entries()) if (at % 2 === 0) given.get(name)?.push(args[at + 1]);
  const [[logKey], [root], witnessKeys, [policy], [approvals = "0"], [files]] = given.values();
  const known = [...given.values()].flat().length * 2 === args.length;
  const once = [...given].every(([name, { length }]) => length < 2 || name === "--witness-key");
  must(root && known && once, "an option is missing, unknown, given twice or has no value");
  const trustRootKey = root.includes("BEGIN") ? root : readFileSync(root, "utf8");
  const options = { logKey, trustRootKey, witnessKeys, policy, approvals: Number(approvals) };
  readPins(options);
  if (files) lstatSync(files);
  return { bytes: readFileSync(evidence), options, files };
}

/** Names in files are anybody's: one with a line break or an escape code could draw a "Yes". */
const print = (line) => console.log(line.replace(/\p{C}/gu, "?"));

async function answer({ bytes, options, files }) {
  const { reason, checked, claims } = verifyEvidence(bytes, options);
  for (const line of checked) print(`- ${line}`);
  must(claims, reason);
  if (files) await checkFiles(files, claims.manifest);
  if (files) print("- The files are the ones that were decided on, and no other.");
  const { gate, name, artifact, environment, at } = claims;
  print(`Yes: ${gate} of ${name} (${artifact}) in ${environment} was allowed at ${at}.`);
}

async function main(args) {
  let status = 2;
  try {
    const command = readCommand(args);
    status = 1;
    await answer(command);
    return 0;
  } catch ({ message }) {
    print(status === 1 ? `No: ${message}.` : message);
    if (status === 2) console.log(USAGE);
    return status;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}

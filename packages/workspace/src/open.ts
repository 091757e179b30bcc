import { existsSync } from "node:fs";
import { fileStore, httpWitness, openLog, openReader } from "@countersign/log";
import { loadPolicies, STARTER_POLICIES } from "@countersign/policy";
import { problemOf } from "./audit.js";
import { Gatekeeper } from "./gatekeeper.js";
import { Keyring } from "./keyring.js";
import { knownBadList } from "./known-bad.js";
import type { Layout } from "./layout.js";
import { layoutOf } from "./layout.js";
import { openObjects } from "./objects.js";
import type { Projection } from "./projection.js";
import { memoryProjection } from "./projection.js";
import { Record } from "./record.js";
import type { Pin } from "./setup.js";
import { firstTrustRoot, pinnedKey, readPin, setUp, trustRootStatement } from "./setup.js";
import type { AuditReport } from "./types.js";
import { Workspace } from "./workspace.js";

export interface WitnessConfig {
  url: string;
  vkey: string;
}

export interface OpenOptions {
  directory: string;
  /** Default `default`. */
  workspace?: string;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** Default: in memory, replayed from the log. */
  projection?: Projection;
  /** Each cosigns every checkpoint, and remembers what nobody with this disk can edit. */
  witnesses?: WitnessConfig[];
  /** A directory of .cedar files. Default: `policies/` in the data directory if there, else the starter policies. */
  policies?: string;
  warn?: (line: string) => void;
  /** How far the clock may run behind the newest entry. */
  allowedSkewMs?: number;
}

const SKEW_MS = 60_000;

/** Opens a data directory, or sets up an empty one. Replays the log; one process at a time. */
export async function openWorkspace(options: OpenOptions): Promise<Workspace> {
  const { directory, clock, workspace = "default", warn = () => {}, allowedSkewMs = SKEW_MS } = options;
  const layout = layoutOf(directory);
  await setUp(directory, workspace, clock, warn);
  const pin = await readPin(directory);
  const keyring = new Keyring(layout.keys, layout.keyUses, clock, () => {});
  const projection = options.projection ?? memoryProjection();
  const log = await openLog({
    store: fileStore(layout.log),
    origin: pin.origin,
    signer: await keyring.signer("log"),
    clock,
    allowedSkewMs,
    witnesses: (options.witnesses ?? []).map(({ url, vkey }) => httpWitness(url, vkey)),
  });
  const objects = openObjects(layout.objects);
  const record = new Record({ workspace, log, objects, projection, clock, allowedSkewMs });
  try {
    await record.replay();
    return await assemble({ record, pin, keyring, layout, projection, options });
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function assemble(parts: {
  record: Record;
  pin: Pin;
  keyring: Keyring;
  layout: Layout;
  projection: Projection;
  options: OpenOptions;
}): Promise<Workspace> {
  const { record, pin, keyring, layout, projection, options } = parts;
  const rootPin = { key: pinnedKey(pin), workspace: record.workspace };
  const policies = loadPolicies(options.policies ?? policyDirectory(layout));
  if (record.fold.trustRoots(record.workspace).length === 0) await logFirstTrustRoot(record, keyring);
  const service = await keyring.signer("service");
  const gatekeeper = new Gatekeeper({ record, pin: rootPin, service, policies: () => policies });
  await gatekeeper.trust();
  return new Workspace({
    record,
    gatekeeper,
    projection,
    keyring,
    service,
    pin: rootPin,
    policies,
    knownBad: knownBadList(layout.knownBad),
    verifyLog: () => verifyLog(layout, pin, record.log.verifierKey),
    release: async () => {},
  });
}

const policyDirectory = ({ policies }: Layout): string =>
  existsSync(policies) ? policies : STARTER_POLICIES;

async function logFirstTrustRoot(record: Record, keyring: Keyring): Promise<void> {
  const root = await firstTrustRoot(keyring, record.workspace, record.now());
  await record.state(trustRootStatement(root), await keyring.signer("root"));
}

/** Reads the whole log as an outsider would: signed checkpoint, every tile, every entry. */
async function verifyLog(
  layout: Layout,
  pin: Pin,
  vkey: string,
): Promise<{ root: string; problems: AuditReport["problems"] }> {
  try {
    const reader = await openReader({ store: fileStore(layout.log), origin: pin.origin, vkey });
    await drain(reader.entries(0, reader.size));
    return { root: Buffer.from(reader.root).toString("base64"), problems: [] };
  } catch (error) {
    return { root: "", problems: [problemOf(error, "log")] };
  }
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
}

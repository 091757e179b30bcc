import type { Job, LogEntry, LogEntryDetail, routes } from "@countersign/api";
import { CountersignError, parseJson } from "@countersign/evidence";
import { decodeLeaf } from "@countersign/facts";
import { leafHash } from "@countersign/log";
import type { Workspace } from "@countersign/workspace";
import type { Handler } from "../../http/mount.js";

const MOST = 256;

export const entries: Handler<typeof routes.entries> = async ({ query, services }) => {
  const { workspace } = services;
  const { size } = workspace;
  const from = Math.min(query.from, size);
  const to = Math.min(query.to ?? from + MOST, size, from + MOST);
  const items: LogEntry[] = [];
  if (to > from)
    for await (const { index, leaf } of workspace.log.entries(from, to)) items.push(entryOf(index, leaf));
  return { items, size };
};

export const entry: Handler<typeof routes.entry> = async ({ params, query, services }) => {
  const { workspace } = services;
  const { index } = params;
  if (index >= workspace.size)
    throw new CountersignError("log-not-found", `the log has no entry ${index}; it has ${workspace.size}`);
  const checkpoint = Buffer.from(await workspace.log.checkpoint()).toString("utf8");
  const size = query.size ?? sizeIn(checkpoint);
  if (size > workspace.size || size <= index) {
    throw new CountersignError(
      "bad-request",
      `a tree of size ${size} does not hold entry ${index} of ${workspace.size}`,
    );
  }
  return { ...(await detail(workspace, index, size)), checkpoint };
};

async function detail(
  workspace: Workspace,
  index: number,
  size: number,
): Promise<Omit<LogEntryDetail, "checkpoint">> {
  const { raw } = await workspace.entry(index);
  const { envelope } = await workspace.proof(index);
  const hashes = await workspace.log.inclusionProof(index, size);
  return {
    ...entryOf(index, raw),
    leafHash: `sha256:${Buffer.from(await leafHash(raw)).toString("hex")}`,
    envelope: readEnvelope(envelope),
    envelopeRaw: envelope,
    inclusion: { size, hashes: hashes.map(base64) },
    receipt: await workspace.log.receipt(index),
  };
}

export const consistency: Handler<typeof routes.consistency> = async ({ query, services }) => {
  const { log, size } = services.workspace;
  const { from, to } = query;
  if (from > to || to > size)
    throw new CountersignError("bad-request", `sizes run from 0 to ${size}, the smaller one first`);
  const hashes = from === 0 || from === to ? [] : await log.consistencyProof(from, to);
  const checkpoint = Buffer.from(await log.checkpoint()).toString("utf8");
  return { from, to, hashes: hashes.map(base64), checkpoint };
};

export const audit: Handler<typeof routes.audit> = async ({ caller, services }) => {
  const { jobs, events, worker } = services;
  const job: Job = await jobs.create({
    kind: "audit",
    title: "log audit",
    principal: caller.principal,
    input: {},
  });
  events.publish("job", job);
  worker.wake();
  return job;
};

function entryOf(index: number, raw: Uint8Array): LogEntry {
  return { index, leaf: decodeLeaf(raw), raw: base64(raw) };
}

/** Tampered evidence is shown as the bytes that are there: `envelopeRaw`. */
function readEnvelope(raw: string | null): unknown {
  if (raw === null) return null;
  try {
    return parseJson(Buffer.from(raw, "base64"));
  } catch {
    return null;
  }
}

function sizeIn(checkpoint: string): number {
  return Number(checkpoint.split("\n")[1]);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

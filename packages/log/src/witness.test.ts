import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey, keySigner } from "@countersign/evidence";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeBase64, encodeUtf8 } from "./bytes.js";
import { formatCheckpoint, openCheckpoint } from "./checkpoint.js";
import { fileStore } from "./file-store.js";
import { EMPTY_ROOT, primitives } from "./hash.js";
import { parseVkey, signNote, verifierKeyOf } from "./keys.js";
import { type Log, openLog } from "./log.js";
import { verifyReceipt } from "./receipt.js";
import { httpWitness } from "./witness.js";
import { type WitnessServer, witnessServer } from "./witness-server.js";

const origin = "example.com/log";
const logSigner = keySigner(generateKey("ed25519").privatePem);
const witnessSigner = keySigner(generateKey("ed25519").privatePem);
const clock = (): number => 1_700_000_000_000;
const leaf = (n: number): Uint8Array => Buffer.from(`entry ${n}`);
const leaves = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => leaf(from + i));

let root: string;
let witness: WitnessServer;
let server: Server;
let prefix: string;
let statuses: number[];

async function startWitness(): Promise<WitnessServer> {
  const key = await verifierKeyOf(logSigner, origin);
  const { formatVkey } = await import("./note.js");
  return witnessServer({
    name: "witness.example/w1",
    signer: witnessSigner,
    clock,
    store: fileStore(join(root, "witness")),
    logs: [{ origin, vkeys: [formatVkey(key)] }],
  });
}

/** What a caller of the room does: HTTP around the handler. */
function listen(): Promise<void> {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "" } = request;
    const answer = await witness.handle({ method, path: url, body: Buffer.concat(chunks) });
    statuses.push(answer.status);
    response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      prefix = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      resolve();
    });
  });
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "countersign-witness-"));
  statuses = [];
  witness = await startWitness();
  await listen();
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

function open(name = "log"): Promise<Log> {
  return openLog({
    store: fileStore(join(root, name)),
    origin,
    signer: logSigner,
    clock,
    witnesses: [httpWitness(prefix, witness.verifierKey)],
  });
}

describe("a log with a witness", () => {
  test("gets its checkpoints and receipts cosigned", async () => {
    const log = await open();
    await log.append(leaves(0, 5));
    const keys = [await parseVkey(log.verifierKey), await parseVkey(witness.verifierKey)];
    const opened = await openCheckpoint(await log.checkpoint(), origin, keys, primitives);
    expect(opened).toMatchObject({ ok: true, checkpoint: { size: 5 } });
    expect(opened.ok && opened.signatures.map(({ key, time }) => [key.name, time])).toEqual([
      [origin, undefined],
      ["witness.example/w1", 1_700_000_000],
    ]);
    await log.append(leaves(5, 600));
    const [logKey, witnessKey] = keys;
    const trust = { origin, logKey: logKey!, witnesses: [witnessKey!], quorum: 1 };
    const receipt = await log.receipt(3);
    expect(await verifyReceipt(receipt, leaf(3), trust, primitives)).toMatchObject({
      ok: true,
      checkpoint: { size: 600 },
      cosignatures: [{ name: "witness.example/w1", time: 1_700_000_000 }],
    });
    expect(log.witnesses).toEqual([{ name: "witness.example/w1", reachable: true, size: 600 }]);
    await log.close();
  });

  test("goes on where the witness stands after it was opened again", async () => {
    const first = await open();
    await first.append(leaves(0, 300));
    await first.close();
    const second = await open();
    expect(statuses.at(-2)).toBe(409);
    expect(statuses.at(-1)).toBe(200);
    const opened = Buffer.from(await second.checkpoint()).toString();
    expect(opened.match(/^— /gm)?.length, "one line a signer").toBe(2);
    await second.append(leaves(300, 400));
    await second.checkpoint();
    expect(second.witnesses).toMatchObject([{ size: 400 }]);
    await second.close();
  });

  test("is refused when it was rolled back", async () => {
    const log = await open();
    await log.append(leaves(0, 10));
    await log.close();
    await expect(open("another")).rejects.toMatchObject({ code: "log-rolled-back" });
  });

  test("is refused when it has another history", async () => {
    const log = await open();
    await log.append(leaves(0, 10));
    await log.close();
    const other = await openLog({ store: fileStore(join(root, "other")), origin, signer: logSigner, clock });
    await other.append(leaves(100, 120));
    await other.close();
    await expect(open("other")).rejects.toMatchObject({ code: "log-forked" });
  });

  test("takes nothing more once its witness contradicts it", async () => {
    const log = await open();
    await log.append(leaves(0, 2));
    await log.checkpoint();
    const twin = await openLog({ store: fileStore(join(root, "twin")), origin, signer: logSigner, clock });
    await twin.append(leaves(0, 50));
    await post(
      `old 2\n${(await twin.consistencyProof(2, 50)).map((h) => `${encodeBase64(h)}\n`).join("")}\n`,
      await twin.checkpoint(),
    );
    await twin.close();
    await log.append([leaf(2)]);
    await expect(log.checkpoint()).rejects.toMatchObject({ code: "log-rolled-back" });
    await expect(log.append([leaf(3)])).rejects.toMatchObject({ code: "log-rolled-back" });
    await log.close();
  });

  test("works on while the witness is away", async () => {
    const log = await open();
    server.closeAllConnections();
    server.close();
    await log.append(leaves(0, 2));
    await log.checkpoint();
    expect(log.witnesses).toMatchObject([{ reachable: false }]);
    await log.close();
  });
});

test("receipts are whole while checkpoints and cosignatures come and go", async () => {
  const log = await open();
  const logKey = await parseVkey(log.verifierKey);
  await log.append([leaf(0)]);
  let done = false;
  const readers = Array.from({ length: 3 }, async () => {
    while (!done) {
      const receipt = await log.receipt(0);
      expect(await verifyReceipt(receipt, leaf(0), { origin, logKey }, primitives)).toMatchObject({
        ok: true,
      });
    }
  });
  for (let n = 1; n < 60; n++) await log.append([leaf(n)]);
  done = true;
  await Promise.all(readers);
  await log.close();
});

async function post(
  head: string,
  note: Uint8Array,
): Promise<{ status: number; text: string; type: string | null }> {
  const body = Buffer.concat([encodeUtf8(head), note]);
  const response = await fetch(`${prefix}/add-checkpoint`, { method: "POST", body });
  return { status: response.status, text: await response.text(), type: response.headers.get("content-type") };
}

describe("a witness", () => {
  const sign = async (size: number, hash: Uint8Array, name = origin): Promise<Uint8Array> =>
    signNote(
      formatCheckpoint({ origin: name, size, root: hash }),
      await verifierKeyOf(logSigner, name),
      logSigner,
      "test",
    );
  const hash = (n: number): Uint8Array => new Uint8Array(32).fill(n);

  test("200: cosigns, remembers it after a restart and shows it to monitors", async () => {
    expect(await post("old 0\n\n", await sign(1, hash(1)))).toMatchObject({ status: 200 });
    witness = await startWitness();
    expect(await post("old 0\n\n", await sign(1, hash(1)))).toMatchObject({ status: 409 });
    const { createHash } = await import("node:crypto");
    const path = createHash("sha256").update(origin).digest("hex");
    const note = Buffer.from(await (await fetch(`${prefix}/${path}/checkpoint`)).arrayBuffer());
    const keys = [await verifierKeyOf(logSigner, origin), await parseVkey(witness.verifierKey)];
    const opened = await openCheckpoint(note, origin, keys, primitives);
    expect(opened.ok && opened.signatures.length).toBe(2);
  });

  test("400: malformed, and an old size above the checkpoint's", async () => {
    const note = await sign(5, hash(5));
    for (const head of [
      "old 6\n\n",
      "old 05\n\n",
      "old\n\n",
      "\n",
      "old 0\nAAAA\n\n",
      `old 0\n${"x\n".repeat(3)}\n`,
    ]) {
      expect((await post(head, note)).status, head).toBe(400);
    }
    expect((await post("old 0\n\n", Buffer.from("no note"))).status).toBe(400);
    const lines = `${encodeBase64(hash(1))}\n`.repeat(64);
    expect((await post(`old 1\n${lines}\n`, note)).status).toBe(400);
  });

  test("403: a signature that is missing or does not verify", async () => {
    const stranger = keySigner(generateKey("ed25519").privatePem);
    const text = formatCheckpoint({ origin, size: 5, root: hash(5) });
    const foreign = await signNote(text, await verifierKeyOf(stranger, origin), stranger, "test");
    expect((await post("old 0\n\n", foreign)).status).toBe(403);
    const wrong = await signNote(text, await verifierKeyOf(logSigner, origin), stranger, "test");
    expect((await post("old 0\n\n", wrong)).status).toBe(403);
  });

  test("404: a log that it does not know", async () => {
    expect((await post("old 0\n\n", await sign(1, hash(1), "example.com/unknown"))).status).toBe(404);
    expect((await fetch(`${prefix}/nothing`)).status).toBe(404);
  });

  test("405: another method", async () => {
    expect((await fetch(`${prefix}/add-checkpoint`)).status).toBe(405);
  });

  test("409: another old size than it knows, with the one it knows", async () => {
    await post("old 0\n\n", await sign(7, hash(7)));
    const answer = await post("old 3\n\n", await sign(9, hash(9)));
    expect(answer).toEqual({ status: 409, text: "7\n", type: "text/x.tlog.size" });
  });

  test("422: a proof that does not hold", async () => {
    expect((await post("old 0\n\n", await sign(0, hash(1)))).status).toBe(422);
    expect((await post(`old 0\n${encodeBase64(hash(1))}\n\n`, await sign(7, hash(7)))).status).toBe(422);
    expect((await post("old 0\n\n", await sign(0, EMPTY_ROOT))).status).toBe(200);
    expect((await post("old 0\n\n", await sign(7, hash(7)))).status).toBe(200);
    expect((await post("old 7\n\n", await sign(7, hash(8)))).status).toBe(422);
    expect((await post(`old 7\n${encodeBase64(hash(1))}\n\n`, await sign(9, hash(9)))).status).toBe(422);
    expect((await post("old 7\n\n", await sign(7, hash(7)))).status).toBe(200);
  });

  test("one of two at the same moment wins", async () => {
    const answers = await Promise.all([
      post("old 0\n\n", await sign(3, hash(3))),
      post("old 0\n\n", await sign(4, hash(4))),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

import { cp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { generateKey, keySigner } from "@countersign/evidence";
import { fileStore, witnessServer } from "@countersign/log";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Place } from "../test/fixture.js";
import { admitGood, open, place, safetensors } from "../test/fixture.js";
import type { WitnessConfig } from "./index.js";

let here: Place;
let server: Server;
let witnesses: WitnessConfig[];
beforeEach(async () => {
  here = await place();
  // The first opening makes the log's key, which the witness must know.
  const workspace = await open(here.directory);
  const { origin, verifierKey } = workspace.log;
  await workspace.close();
  const witness = await witnessServer({
    name: "witness.example",
    signer: keySigner(generateKey("ed25519").privatePem),
    clock: Date.now,
    store: fileStore(join(here.directory, "..", "witness")),
    logs: [{ origin, vkeys: [verifierKey] }],
  });
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const path = request.url ?? "/";
    const reply = await witness.handle({ method: request.method ?? "", path, body: Buffer.concat(parts) });
    response.writeHead(reply.status, { "content-type": reply.contentType }).end(reply.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  witnesses = [{ url: `http://127.0.0.1:${port}`, vkey: witness.verifierKey }];
});
afterEach(async () => {
  server.close();
  await here.clean();
});

describe("a witness that somebody else runs", () => {
  it("cosigns checkpoints, and notices a data directory that was put back to an older state", async () => {
    const old = join(here.directory, "..", "old");
    let workspace = await open(here.directory, { witnesses });
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors(1) }));
    expect(new TextDecoder().decode(await workspace.log.checkpoint())).toContain("— witness.example ");
    await workspace.close();
    await cp(here.directory, old, { recursive: true });

    workspace = await open(here.directory, { witnesses });
    await admitGood(workspace, await here.model({ "model.safetensors": safetensors(2) }));
    await workspace.log.checkpoint();
    await workspace.close();

    await rm(here.directory, { recursive: true });
    await cp(old, here.directory, { recursive: true });
    await expect(open(here.directory, { witnesses })).rejects.toMatchObject({ code: "log-rolled-back" });
  });
});

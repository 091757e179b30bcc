import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { fileStore, parseVkey, type WitnessServer, witnessServer } from "@countersign/log";
import { signerFromFile } from "../place/signer.js";
import type { Session } from "../session.js";
import { stopped } from "../stopped.js";
import { safe } from "../terminal/safe.js";
import { bold, dim } from "../terminal/style.js";

interface Options {
  key: string;
  logVkey: string;
  name: string;
  state: string;
  port: number;
  passphraseFile?: string;
}

const HOST = "127.0.0.1";
const MAX_BODY = 256 * 1024;
const SLOW_MS = 10_000;

/** Runs until it is told to stop; stopping it is no failure. */
export async function witness(session: Session, options: Options): Promise<number> {
  const { io, output } = session;
  const { name: origin } = await parseVkey(options.logVkey);
  const witness = await witnessServer({
    name: options.name,
    signer: await signerFromFile(session, options.key, options.passphraseFile),
    clock: io.clock,
    store: fileStore(resolve(io.cwd, options.state)),
    logs: [{ origin, vkeys: [options.logVkey] }],
  });
  const server = createServer((request, response) => void answer(session, witness, request, response));
  server.requestTimeout = SLOW_MS;
  server.headersTimeout = SLOW_MS;
  const url = await listen(server, options.port);
  output.line(safe`Witness of ${bold(origin)} at ${url}\n`);
  output.line(safe`Give the log this line:`);
  output.line(safe`  countersign up --witness ${url} --witness-key '${witness.verifierKey}'\n`);
  output.line(safe`${dim("Ctrl-C stops it.")}`);
  await stopped(io.signal);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  return 0;
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((done, fail) => {
    server.once("error", (cause) => {
      const text = `port ${port} cannot be used: ${cause.message}`;
      fail(
        new CountersignError("conflict", text, {
          cause,
          detail: { remedy: "--port 0   (takes a free one)" },
        }),
      );
    });
    server.listen(port, HOST, () => done(`http://${HOST}:${(server.address() as AddressInfo).port}`));
  });
}

async function answer(
  { output }: Session,
  witness: WitnessServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request);
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const reply = await witness.handle({ method: request.method ?? "GET", path, body });
    response.writeHead(reply.status, { "content-type": reply.contentType }).end(reply.body);
    output.note(safe`${request.method ?? ""} ${path} ${reply.status}`);
  } catch (cause) {
    const tooLarge = cause instanceof CountersignError && cause.code === "payload-too-large";
    response.writeHead(tooLarge ? 413 : 500, { "content-type": "text/plain", connection: "close" }).end();
    if (!tooLarge) output.warn(safe`countersign: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new CountersignError("payload-too-large", "a checkpoint is smaller than this");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

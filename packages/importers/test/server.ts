import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Imported, Remote } from "../src/imported.js";

export interface Asked {
  method: string;
  url: URL;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** A string is sent as it is. */
  json: unknown;
}

export interface LocalServer {
  url: URL;
  asked: Asked[];
  close(): Promise<void>;
}

/** A real server on a loopback port that answers as the documentation says. */
export async function serve(handle: (asked: Asked, count: number) => Answer): Promise<LocalServer> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const one = {
        method: request.method ?? "",
        url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      const { status = 200, headers = {}, json } = handle(one, asked.length);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof json === "string" ? json : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface TestRemote extends Remote {
  waits: number[];
}

/** Waits are counted, not waited for. */
export function remote(clock = () => Date.UTC(2026, 4, 1)): TestRemote {
  const waits: number[] = [];
  return {
    fetch,
    workspace: "default",
    clock,
    waits,
    sleep: async (milliseconds) => void waits.push(milliseconds),
  };
}

export async function all(batches: AsyncIterable<Imported> | Iterable<Imported>): Promise<Imported> {
  const whole: Imported = { documents: [], lineage: [], notes: [], artifacts: [] };
  for await (const batch of batches) {
    whole.documents.push(...batch.documents);
    whole.lineage.push(...batch.lineage);
    whole.notes.push(...batch.notes);
    whole.artifacts.push(...batch.artifacts);
    if (batch.cursor !== undefined) whole.cursor = batch.cursor;
  }
  return whole;
}

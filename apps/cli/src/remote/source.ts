import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Source } from "@countersign/scanner";
import { NETWORK_THREAD } from "./network.js";
import { PATIENCE_MS, type RemoteFile } from "./remote.js";

const BLOCK = 256 * 1024;
/** At most this many blocks are asked for at once, and are kept. */
const AHEAD = 16;
const KEPT = 64;

export interface RemoteSource extends Source {
  /** Bytes that came over the network so far. */
  fetched(): number;
}

/** The thread that fetches for this process. Starting one takes longer than reading a small file. */
class Network {
  private readonly control = new Int32Array(new SharedArrayBuffer(16));
  private readonly position = new BigInt64Array(new SharedArrayBuffer(16));
  private readonly data = new Uint8Array(new SharedArrayBuffer(BLOCK * AHEAD));
  private readonly port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const { control, position, data } = this;
    const workerData = { port: port2, control, position, data };
    const thread = new Worker(NETWORK_THREAD, {
      eval: true,
      workerData,
      transferList: [port2],
      execArgv: [],
    });
    thread.on("error", () => {});
    thread.unref();
    port1.unref();
    this.port = port1;
  }

  /** What is read from now on is of this file. */
  open(file: Pick<RemoteFile, "url" | "headers" | "etag" | "size"> & { patienceMs: number }): void {
    this.position[1] = 0n;
    this.port.postMessage(file);
  }

  get fetched(): number {
    return Number(this.position[1]);
  }

  read(offset: number, length: number): Buffer {
    const { control } = this;
    this.position[0] = BigInt(offset);
    control[3] = length;
    Atomics.store(control, 1, 0);
    Atomics.store(control, 0, 1);
    Atomics.notify(control, 0);
    Atomics.wait(control, 1, 0);
    if (control[2] === -2) throw new Error("the file changed on the server while it was read");
    if (control[2] !== length) throw new Error("the server did not send the bytes that were asked for");
    return Buffer.from(this.data.slice(0, length));
  }
}

let network: Network | undefined;

/** A file at an address, read by ranges: only the blocks that the scanner looks at come over the network. One file at a time. */
export function remoteSource(
  { url, headers, etag, size }: RemoteFile,
  patienceMs: number = PATIENCE_MS,
): RemoteSource {
  network ??= new Network();
  const thread = network;
  thread.open({ url, headers, etag, size, patienceMs });
  const blocks = new Map<number, Buffer>();

  function fetchBlocks(first: number, count: number): void {
    const length = Math.min(count * BLOCK, size - first * BLOCK);
    const bytes = thread.read(first * BLOCK, length);
    for (let at = 0; at < length; at += BLOCK) blocks.set(first + at / BLOCK, bytes.subarray(at, at + BLOCK));
  }

  function block(number: number, last: number): Buffer {
    const known = blocks.get(number);
    if (known !== undefined) return known;
    if (blocks.size >= KEPT) blocks.clear();
    let count = 1;
    while (count < AHEAD && number + count <= last && !blocks.has(number + count)) count++;
    fetchBlocks(number, count);
    return blocks.get(number) ?? Buffer.alloc(0);
  }

  return {
    size,
    read: (offset, length) => {
      const start = Math.max(0, offset);
      const end = Math.min(size, offset + length);
      if (end <= start) return Buffer.alloc(0);
      const last = Math.floor((end - 1) / BLOCK);
      const parts: Buffer[] = [];
      for (let number = Math.floor(start / BLOCK); number <= last; number++) {
        const base = number * BLOCK;
        parts.push(block(number, last).subarray(Math.max(0, start - base), end - base));
      }
      return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    },
    fetched: () => thread.fetched,
  };
}

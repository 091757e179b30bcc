import { fork } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CountersignError } from "@countersign/evidence";
import {
  type FileReport,
  RULES_VERSION,
  type ScanReport,
  scanPath,
  unscanned,
  worstVerdict,
} from "@countersign/scanner";
import type { RemoteScan } from "./child.js";
import { listRemote } from "./list.js";
import type { RemoteFile, Surroundings } from "./remote.js";
import { probe, refusal } from "./request.js";

const AT_ONCE = 4;
/** For one file, whose server may be slow. */
const TIME_MS = 10 * 60_000;
/** Of a file that has to be fetched whole. */
const MAX_WHOLE = 8 * 1024 ** 3;

export interface RemoteResult {
  report: ScanReport;
  /** Bytes that came over the network, and bytes that the files have. */
  fetched: number;
  size: number;
}

/** Scans the files at an address, reading by ranges where the server sends them. */
export async function scanRemote(
  address: string,
  surroundings: Surroundings,
  onProgress: (done: number, files: number) => void,
): Promise<RemoteResult> {
  const files = await listRemote(address, surroundings);
  const found: RemoteScan[] = [];
  const queue = [...files.entries()].reverse();
  const lane = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      surroundings.signal.throwIfAborted();
      const [at, file] = next;
      found[at] = await scanOne(file, surroundings);
      onProgress(files.length - queue.length, files.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, lane));
  const reports = found.map(({ report }) => report);
  return {
    report: {
      files: reports,
      verdict: worstVerdict(reports.map(({ verdict }) => verdict)),
      scanner: { name: "countersign", rules: RULES_VERSION },
    },
    fetched: found.reduce((sum, { fetched }) => sum + fetched, 0),
    size: files.reduce((sum, { size }) => sum + size, 0),
  };
}

async function scanOne(listed: RemoteFile, surroundings: Surroundings): Promise<RemoteScan> {
  // The listing may be old, or wrong: what the server says of the file itself counts.
  const file = await probe(listed.url, listed.headers, listed.path, surroundings);
  if (listed.etag !== "" && file.etag !== "" && file.etag !== listed.etag) {
    return { report: failed(file, "file-changed"), fetched: 0 };
  }
  return file.ranges ? scanByRanges(file, surroundings.signal) : scanWhole(file, surroundings);
}

async function scanByRanges(file: RemoteFile, signal: AbortSignal): Promise<RemoteScan> {
  const { path, execArgv } = childArguments();
  const child = fork(path, [], {
    execArgv,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    env: trustedCertificates(),
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), TIME_MS);
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  try {
    child.send(file);
    return await new Promise<RemoteScan>((resolve) => {
      child.once("message", (answer) => resolve(answer as RemoteScan));
      child.once("exit", (_code, ended) => {
        const failure = ended === "SIGKILL" ? "scan-timeout" : "scan-crashed";
        resolve({ report: failed(file, failure), fetched: 0 });
      });
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    child.kill("SIGKILL");
    signal.throwIfAborted();
  }
}

const FAILURES = {
  "file-changed": "The file changed between the listing and the scan.",
  "scan-crashed": "The scanning process ended while it read this file.",
  "scan-timeout": "The scan of this file took too long.",
};

const failed = ({ path, size }: RemoteFile, failure: keyof typeof FAILURES): FileReport =>
  unscanned(path, failure, FAILURES[failure], size);

/** Certificates that the user's machine trusts besides Node's own; nothing else of the environment goes in. */
function trustedCertificates(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS } = process.env;
  return NODE_EXTRA_CA_CERTS === undefined ? {} : { NODE_EXTRA_CA_CERTS };
}

/** Unbuilt code runs through tsx, as tests do; built code needs nothing. */
function childArguments(): { path: string; execArgv: string[] } {
  const source = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(new URL(source ? "./child.ts" : "./child.js", import.meta.url));
  const heap = ["--max-old-space-size=512"];
  if (!source) return { path, execArgv: heap };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return { path, execArgv: [...heap, "--conditions=source", "--import", tsx] };
}

/** A server that sends whole files only: the file is set aside, scanned and removed. */
async function scanWhole(file: RemoteFile, { fetch: send, signal }: Surroundings): Promise<RemoteScan> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-remote-"));
  try {
    const answer = await send(file.url, { headers: file.headers, signal });
    if (!answer.ok && answer.status !== 416) throw refusal(answer.status, file.url);
    const path = join(directory, basename(file.path).slice(-100) || "file");
    const body = answer.body as Parameters<typeof Readable.fromWeb>[0] | null;
    await pipeline(
      Readable.from(body === null ? [] : Readable.fromWeb(body)),
      limited,
      createWriteStream(path, { mode: 0o600 }),
      { signal },
    );
    const { files } = await scanPath(path, { signal });
    const [report] = files;
    const named: FileReport = report ? { ...report, path: file.path } : failed(file, "scan-crashed");
    return { report: named, fetched: named.size };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A server may send for ever. */
async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_WHOLE) {
      throw new CountersignError(
        "payload-too-large",
        "The server sends no ranges, and the file is too large to fetch whole: fetch it yourself and scan that.",
      );
    }
    yield chunk;
  }
}

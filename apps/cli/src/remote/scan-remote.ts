import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CountersignError } from "@countersign/evidence";
import {
  excludes,
  type FileReport,
  forkBeside,
  type Limits,
  RULES_VERSION,
  type ScanReport,
  scanPath,
  unscanned,
  worstVerdict,
} from "@countersign/scanner";
import type { RemoteJob, RemoteScan } from "./child.js";
import { listRemote } from "./list.js";
import { PATIENCE_MS, type RemoteFile, type Surroundings } from "./remote.js";
import { bodyOf, probe, refusal, send } from "./request.js";

const AT_ONCE = 4;
const HEAP_MEGABYTES = 512;
/** For one file, whose server may be slow. */
const TIME_MS = 10 * 60_000;
/** Of a file that has to be fetched whole. */
const MAX_WHOLE = 8 * 1024 ** 3;

export interface RemoteOptions {
  exclude?: readonly string[];
  limits?: Partial<Limits>;
  /** Milliseconds that one file may take. */
  timeMs?: number;
  onProgress?: (done: number, files: number) => void;
}

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
  options: RemoteOptions = {},
): Promise<RemoteResult> {
  const listed = await listRemote(address, surroundings);
  const files = listed.filter(({ path }) => !options.exclude?.some((pattern) => excludes(pattern, path)));
  if (files.length === 0) throw new CountersignError("not-found", "Every file there is left out.");
  const found: RemoteScan[] = [];
  const queue = [...files.entries()].reverse();
  let done = 0;
  const work = async (): Promise<void> => {
    const lane = new Lane(surroundings, options);
    try {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        surroundings.signal.throwIfAborted();
        const [at, file] = next;
        found[at] = files.length === 1 ? await lane.scan(file) : await lane.attempt(file);
        options.onProgress?.(++done, files.length);
      }
    } finally {
      lane.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work));
  const reports = found.map(({ report }) => report);
  return {
    report: {
      files: reports,
      verdict: worstVerdict(reports.map(({ verdict }) => verdict)),
      scanner: { name: "countersign", rules: RULES_VERSION },
    },
    fetched: found.reduce((sum, { fetched }) => sum + fetched, 0),
    size: reports.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Scans one file after the other in one process, which is started anew when a file has brought it down. */
class Lane {
  private readonly surroundings: Surroundings;
  private readonly options: RemoteOptions;
  private child: ChildProcess | undefined;

  constructor(surroundings: Surroundings, options: RemoteOptions) {
    this.surroundings = surroundings;
    this.options = options;
  }

  /** One file of many that cannot be had is that file's `incomplete`; the rest goes on. */
  async attempt(file: RemoteFile): Promise<RemoteScan> {
    try {
      return await this.scan(file);
    } catch (error) {
      this.surroundings.signal.throwIfAborted();
      if (!(error instanceof CountersignError)) throw error;
      return { report: unscanned(file.path, "file-unreadable", error.message, file.size), fetched: 0 };
    }
  }

  async scan(listed: RemoteFile): Promise<RemoteScan> {
    // The listing may be old, or wrong: what the server says of the file itself counts.
    const file = await probe(listed, this.surroundings);
    if (listed.etag !== "" && file.etag !== "" && file.etag !== listed.etag) {
      return { report: failed(file, "file-changed"), fetched: 0 };
    }
    return file.ranges ? this.byRanges(file) : this.whole(file);
  }

  close(): void {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  private async byRanges(file: RemoteFile): Promise<RemoteScan> {
    const { signal, patienceMs = PATIENCE_MS } = this.surroundings;
    this.child ??= forkBeside(import.meta.url, "child", {
      heapMegabytes: HEAP_MEGABYTES,
      env: trustedCertificates(),
    });
    const job: RemoteJob = { file, limits: this.options.limits ?? {}, patienceMs };
    const timeMs = this.options.timeMs ?? TIME_MS;
    const answer = await converse(this.child, job, timeMs, signal);
    if (typeof answer !== "string") return answer;
    this.close();
    signal.throwIfAborted();
    return { report: failed(file, answer), fetched: 0 };
  }

  /** A server that sends whole files only: the file is set aside, scanned and removed. */
  private async whole(file: RemoteFile): Promise<RemoteScan> {
    const { surroundings, options } = this;
    const directory = await mkdtemp(join(tmpdir(), "countersign-remote-"));
    try {
      const path = join(directory, basename(file.path).slice(-100) || "file");
      await download(file, path, surroundings);
      const { files } = await scanPath(path, {
        signal: surroundings.signal,
        ...(options.limits === undefined ? {} : { limits: options.limits }),
        ...(options.timeMs === undefined ? {} : { timeMs: options.timeMs }),
      });
      const [report] = files;
      const named: FileReport = report ? { ...report, path: file.path } : failed(file, "scan-crashed");
      return { report: named, fetched: named.size };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

/** Sends a job and waits for its answer; a word where the process was too slow, or went away. */
function converse(
  child: ChildProcess,
  job: RemoteJob,
  timeMs: number,
  signal: AbortSignal,
): Promise<RemoteScan | "scan-timeout" | "scan-crashed"> {
  return new Promise((resolve) => {
    const finish = (answer: RemoteScan | "scan-timeout" | "scan-crashed"): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      signal.removeEventListener("abort", onExit);
      resolve(answer);
    };
    const onMessage = (answer: unknown): void => finish(answer as RemoteScan);
    const onExit = (): void => finish("scan-crashed");
    const timer = setTimeout(() => finish("scan-timeout"), timeMs);
    child.once("message", onMessage);
    child.once("exit", onExit);
    signal.addEventListener("abort", onExit, { once: true });
    child.send(job, (error) => error && onExit());
  });
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

const TOO_LARGE =
  "The server sends no ranges, and the file is too large to fetch whole: fetch it yourself and scan that.";

async function download(file: RemoteFile, path: string, surroundings: Surroundings): Promise<void> {
  const answer = await send(file.url, file.headers, surroundings);
  if (!answer.ok && answer.status !== 416) {
    await answer.body?.cancel();
    throw refusal(answer, file.url, file.advice);
  }
  const chunks = bodyOf(answer, surroundings, MAX_WHOLE, TOO_LARGE);
  await pipeline(chunks, createWriteStream(path, { mode: 0o600 }), { signal: surroundings.signal });
}

import { examineEnd } from "../content/search.js";
import { DEFAULT_LIMITS } from "../core/limits.js";
import { type Part, Scan } from "../core/scan.js";
import { indexOf, type Source, slice } from "../core/source.js";
import { reportFarPut } from "./demand.js";
import { afterJoblibBuild } from "./joblib.js";
import { PickleJudge } from "./judge.js";
import { Machine, type StreamEnd } from "./machine.js";
import { OPCODES } from "./opcodes.js";
import { FrameReader, Reader } from "./reader.js";
import { unmarkedBytes } from "./state.js";
import type { Blob, Global } from "./value.js";

export interface Stream extends StreamEnd {
  judge: PickleJudge;
}

/** Follows one pickle from `start` to its STOP or to where it breaks, and reports what it does. */
export function scanStream(scan: Scan, part: Part, start: number): Stream {
  const stream = follow(scan, part, start, new Reader(part.source, start));
  if (stream.judge.framesDisagree) follow(scan, part, start, new FrameReader(part.source, start));
  return stream;
}

function follow(scan: Scan, part: Part, start: number, reader: Reader): Stream {
  const joblib = afterJoblibBuild({ scan, part, follow: scanStream, probe });
  const judge: PickleJudge = new PickleJudge(scan, {
    part,
    afterBuild: (target, state, machine) => {
      joblib(target, state, machine);
      for (const blob of unmarkedBytes(target, state)) if (runsBefore(blob)) judge.nested(blob);
    },
  });
  const machine = new Machine(part.source, start, judge, reader);
  try {
    const end = machine.run(OPCODES, scan.budget);
    if (machine.farPut) reportFarPut(judge, machine.farPut);
    return { ...end, judge };
  } finally {
    judge.finish();
  }
}

/** Scans every stream of a pickle file: loaders may be called again and again on the same file. */
export function scanPickle(scan: Scan, part: Part): void {
  let at = 0;
  let first = true;
  while (at < part.source.size) {
    const stream = scanStream(scan, part, at);
    if (!stream.stopped && first) reportBroken(scan, part, stream);
    if (stream.stopped && stream.end > at) {
      at = stream.end;
      first = false;
      if (startsStream(part.source, at)) continue;
    }
    carveRest(scan, part, stream.stopped ? at : stream.end + 1);
    return;
  }
}

export function reportBroken(scan: Scan, part: Part, stream: Stream): void {
  scan.report(
    "pickle-broken",
    part,
    `The pickle cannot be followed to its end: ${stream.reason ?? "broken"}.`,
    {
      offset: stream.end,
      cause: "broken",
    },
  );
}

function startsStream(source: Source, at: number): boolean {
  const head = source.read(at, 2);
  if (head[0] === 0x80) return (head[1] ?? 255) <= 5;
  if (head.length === 0 || source.size - at > 64 * 1024 * 1024) return false;
  const found = probe(source, at);
  return found.acceptable || found.dangerous;
}

function carveRest(scan: Scan, part: Part, from: number): void {
  if (from >= part.source.size) return;
  carve(scan, part, from, part.source.size);
  examineEnd(scan, part, from);
}

export interface Probe {
  /** The bytes parse as a whole pickle, or as far as a call that no allow list covers. */
  acceptable: boolean;
  /** A known dangerous call or import was seen. */
  dangerous: boolean;
  /** Such a thing is called. Word lists (`cos`, `sin`) read as imports, but nothing in them reads as a call. */
  called: boolean;
  wellFormed: boolean;
  /** Something with an importable name is called. */
  calls: boolean;
  /** CPython would come as far as to something that makes a file malicious, of whatever kind. */
  alarming: boolean;
  /** CPython would come as far as to what was not looked at: more opcodes, or bytes that a call unpickles. */
  unfinished: boolean;
  end: number;
  message: string;
  steps: number;
}

/** Bytes that are no pickle end at one of their first opcodes. */
const UNMARKED_STEPS = 10_000;

function runsBefore({ source, offset, length }: Blob): boolean {
  return probe(slice(source, offset, length), 0, UNMARKED_STEPS).alarming;
}

const PROBE_STEPS = 2_000_000;

type Reached = Pick<Probe, "alarming" | "unfinished">;

function reachedIn({ verdict, findings }: Scan): Reached {
  const unfinished = findings.some(({ rule }) => rule === "limit-reached");
  return { alarming: verdict === "malicious", unfinished };
}

/** What the name of a module or its member may consist of; lists of files have more in their lines. */
const IMPORTABLE = /^[\w.\x80-\uffff-]*$/;

/** Remembers what was found where CPython would have stopped: text and numbers read as opcodes call things, but not so far. */
class ProbingJudge extends PickleJudge {
  reached: Reached | undefined;
  /** A table's first line, say, read as the name of a module. */
  unimportable = false;

  override fault(reason: string, offset: number): void {
    this.reached ??= reachedIn(this.scan);
    super.fault(reason, offset);
  }

  override resolve(module: string, name: string, offset: number): Global {
    if (!IMPORTABLE.test(module) || !IMPORTABLE.test(name)) {
      this.reached ??= reachedIn(this.scan);
      this.unimportable = true;
    }
    return super.resolve(module, name, offset);
  }
}

/** Follows bytes as a pickle without reporting anything. */
export function probe(source: Source, start: number, steps: number = PROBE_STEPS): Probe {
  const scratch = new Scan({ ...DEFAULT_LIMITS, steps, depth: 0 }, () => "unknown");
  const part: Part = { source, name: "", member: "", depth: 0 };
  const judge = new ProbingJudge(scratch, { part });
  const machine = new Machine(source, start, judge);
  let end: StreamEnd | undefined;
  scratch.guard(part, () => {
    end = machine.run(OPCODES, scratch.budget);
    if (!judge.framesDisagree) return;
    new Machine(source, start, judge, new FrameReader(source, start)).run(OPCODES, scratch.budget);
  });
  const reached = judge.reached ?? reachedIn(scratch);
  judge.finish();
  const alarms = scratch.findings.filter(
    ({ rule }) => rule === "pickle-dangerous-call" || rule === "pickle-dangerous-import",
  );
  const called = alarms.some(({ rule }) => rule === "pickle-dangerous-call");
  const parsed = end?.stopped === true && judge.faults === 0 && end.opcodes > 0;
  const wellFormed = parsed && !judge.unimportable;
  const whole = end !== undefined && end.end >= source.size;
  return {
    acceptable: called || judge.knownCalls > 0 || (wellFormed && (whole || judge.importsKnown)),
    dangerous: alarms.length > 0,
    called,
    wellFormed,
    calls: judge.calls > 0,
    ...reached,
    end: end?.end ?? start,
    message: alarms[0]?.message ?? "",
    steps: scratch.budget.spent,
  };
}

const MAX_CANDIDATES = 256;
/** Candidates share these steps, so that decoys which go on for long take no more time than a few. */
const CARVE_STEPS = 1_000_000;
const LEAST_STEPS = 10_000;
const MAX_CARVED = 64 * 1024 * 1024;

/** Looks for pickles with dangerous calls in bytes that no loader is known to read as pickles. */
export function carve(scan: Scan, part: Part, from: number, to: number): boolean {
  const end = Math.min(to, from + MAX_CARVED);
  let tried = 0;
  let steps = CARVE_STEPS;
  for (const start of candidates(part.source, from, end)) {
    if (++tried > MAX_CANDIDATES) break;
    const found = probe(part.source, start, Math.max(LEAST_STEPS, steps / 2));
    steps -= found.steps;
    const marked = part.source.read(start, 1)[0] === 0x80;
    if (!found.called && !(found.dangerous && marked)) continue;
    scan.report("hidden-pickle", part, `A pickle lies hidden in these bytes. ${found.message}`, {
      offset: start,
      cause: "hidden",
    });
    return true;
  }
  return false;
}

const HEADERS = [0, 1, 2, 3, 4, 5].map((version) => Buffer.from([0x80, version]));
const TEXT_GLOBAL = /[ci][A-Za-z_][\w.]{0,80}\n[A-Za-z_][\w.]{0,80}\n/g;
const TEXT_WINDOW = 4 * 1024 * 1024;

function* candidates(source: Source, from: number, to: number): Generator<number> {
  if (to > from) yield from;
  for (const header of HEADERS) {
    let at = indexOf(source, header, from, to);
    for (let count = 0; at >= 0 && count < 64; count++) {
      if (plausible(source, at)) yield at;
      at = indexOf(source, header, at + 1, to);
    }
  }
  const text = source.read(from, Math.min(to - from, TEXT_WINDOW)).toString("latin1");
  let count = 0;
  for (const match of text.matchAll(TEXT_GLOBAL)) {
    if (++count > 32) break;
    yield from + match.index;
  }
}

/** After the header comes an opcode that a pickle can start with. */
function plausible(source: Source, at: number): boolean {
  const next = source.read(at + 2, 1)[0] ?? 0;
  return OPCODES[next] !== undefined && next !== 0x80;
}

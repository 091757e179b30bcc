// The instrumented scanner: runs one input and tells what was reached, what was reported and what went wrong inside.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { globalsOf } from "./globals.mjs";

/** Faults that escape from a parser and are no refusal: what the engine throws for a mistake of ours. */
const ENGINE = /^(TypeError|RangeError|ReferenceError|SyntaxError|InternalError)$/;
/** The same, caught and reported as a reason by a parser's own `catch`. */
const SWALLOWED =
  /Cannot (read|set|destructure|convert|mix)|is not (a function|iterable|defined|a constructor)|out of range|out-of-range|Invalid (array|typed array|string|count|BigInt)|Attempt to access memory|The value of "|argument must be|call stack|outside buffer bounds|Cannot create/;

/** Hit counts by their order of magnitude, as one bit each. */
const bucket = (count) =>
  count < 4 ? 1 << (count - 1) : count < 16 ? 8 : count < 128 ? 16 : count < 1024 ? 32 : 64;

export class Target {
  static async open(directory) {
    const { points, literals } = JSON.parse(readFileSync(join(directory, "points.json"), "utf8"));
    const hits = new Uint32Array(points.length);
    globalThis.__countersignHits = hits;
    const load = (file) => import(pathToFileURL(join(directory, file)).href);
    const [api, { scanBytes }, { Scan }, { detect }, { bytesSource }, { LimitReached }] = await Promise.all(
      [
        "index.js",
        "core/scan-bytes.js",
        "core/scan.js",
        "core/detect.js",
        "core/source.js",
        "core/limits.js",
      ].map(load),
    );
    const globals = globalsOf(await load("globals/lists.js"));
    const target = new Target({
      globals,
      points,
      literals,
      hits,
      api,
      scanBytes,
      Scan,
      detector: detect,
      bytesSource,
      LimitReached,
    });
    // What loading the modules reached: their tables.
    target.look();
    return target;
  }

  constructor(parts) {
    Object.assign(this, parts);
    /** Bits of the magnitudes seen, for each point. */
    this.reached = new Uint8Array(this.points.length);
    this.escaped = [];
    this.described = [];
    this.watchFaults();
    Error.stackTraceLimit = 0;
  }

  /** Every fault that a parser throws passes here on its way to becoming a finding. */
  watchFaults() {
    const { Scan, escaped } = this;
    const report = Scan.prototype.reportFault;
    Scan.prototype.reportFault = function reportFault(part, error) {
      const name = error?.constructor?.name ?? "";
      if (ENGINE.test(name) || typeof error?.code === "string")
        escaped.push(`${name}: ${error.message} ${place(error)}`);
      return report.call(this, part, error);
    };
  }

  detect(data) {
    return this.detector(this.bytesSource(data));
  }

  run(data, name, limits) {
    const quick = this.attempt(data, name, limits);
    const fresh = this.look();
    const files = fresh ? this.files() : [];
    if (quick.faults.length === 0) return { ...quick, fresh, files };
    // Stacks cost much where parsers refuse by throwing: they are taken only to say where a fault lies.
    Error.stackTraceLimit = 10;
    const { faults } = this.attempt(data, name, limits);
    Error.stackTraceLimit = 0;
    return { ...quick, faults: faults.length > 0 ? faults : quick.faults, fresh, files };
  }

  attempt(data, name, limits) {
    const { hits, escaped } = this;
    hits.fill(0);
    escaped.length = 0;
    let report;
    const faults = [];
    try {
      report = name.endsWith(".known-bad") ? this.list(data) : this.scanBytes(data, name, limits);
      this.describe(report);
    } catch (error) {
      faults.push(`escaped ${error?.name}: ${error?.message} ${place(error)}`);
    }
    for (const { message } of report?.findings ?? [])
      if (SWALLOWED.test(message.replace(/"(\\.|[^"\\])*"/g, ""))) faults.push(`swallowed: ${message}`);
    faults.push(...escaped);
    return { report, faults };
  }

  /** A list of known bad digests is hostile to nobody but its owner; it is parsed all the same. */
  list(data) {
    const parsed = this.api.parseKnownBad(data);
    if (parsed.ok) this.api.markKnownBad({ files: this.described, verdict: "clean" }, parsed.list);
    return { format: parsed.ok ? "known-bad-list" : "unknown", verdict: "clean", findings: [] };
  }

  /** Files that say something of their model are read together with the ones before them. */
  describe(report) {
    if (!report.sha256 || !(report.licences || report.card || report.members)) return;
    this.described = [...this.described.slice(-3), { ...report, path: `${this.described.length}` }];
    const files = this.described;
    for (const use of [undefined, "commercial"]) this.api.describeModel({ files, verdict: "clean" }, { use });
  }

  look() {
    const { hits, reached } = this;
    let fresh = false;
    for (let i = 0; i < hits.length; i++) {
      const count = hits[i];
      if (count === 0) continue;
      const bit = bucket(count);
      if ((reached[i] & bit) === 0) {
        reached[i] |= bit;
        fresh = true;
      }
    }
    return fresh;
  }

  /** Which parsers the last input reached. */
  files() {
    const found = new Set();
    this.hits.forEach((count, index) => {
      const { file } = this.points[index];
      if (count > 0 && !file.startsWith("core/")) found.add(file);
    });
    return found;
  }
}

function place(error) {
  const line = String(error?.stack ?? "")
    .split("\n")
    .find((text) => /\/(archive|content|core|formats|pickle|globals|rules)\//.test(text));
  return line?.replace(/^.*\/((archive|content|core|formats|pickle|globals|rules)\/[^:)]*):.*$/, "$1") ?? "";
}

import type { Budget } from "../../core/limits.js";
import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { BadRData, RReader } from "./reader.js";

/** What an R object was seen to hold. */
interface Seen {
  /** Functions called by promises that run as soon as the value is touched. */
  promised: Set<string>;
  /** Functions called in stored functions and expressions, which run when somebody calls them. */
  stored: Set<string>;
}

/** R functions that reach the system, load code or fetch something. Source: base, utils, methods and tools of R 4.4. */
const ACTING = new Set([
  "system",
  "system2",
  "shell",
  "shell.exec",
  "pipe",
  "eval",
  "evalq",
  "eval.parent",
  "parse",
  "str2lang",
  "str2expression",
  "source",
  "sys.source",
  "do.call",
  "match.fun",
  "dyn.load",
  "library.dynam",
  ".C",
  ".Call",
  ".External",
  ".External2",
  ".Fortran",
  "loadNamespace",
  "attachNamespace",
  "install.packages",
  "download.file",
  "url",
  "socketConnection",
  "readRDS",
  "load",
  "unserialize",
  "file",
  "writeLines",
  "writeBin",
  "unlink",
  "file.remove",
  "file.rename",
  "file.copy",
  "Sys.setenv",
  "Sys.chmod",
  "setwd",
  "makeActiveBinding",
  "reg.finalizer",
  "assignInNamespace",
  "fork",
  "mcparallel",
]);

/** Ordinary models keep formulas and functions, which call these. */
const STORED_ACTING = new Set([
  "system",
  "system2",
  "shell",
  "shell.exec",
  "pipe",
  "source",
  "dyn.load",
  "install.packages",
  "download.file",
  "socketConnection",
  "unlink",
  "file.remove",
]);

export function isRData(head: Buffer): boolean {
  const start = head.subarray(0, 7).toString("latin1");
  if (/^RD[XAB][23]\n/.test(start)) return true;
  return isSerialized(head);
}

/** `X\n` (XDR), `B\n` (native) or `A\n` (ASCII), then version 2 or 3. */
function isSerialized(head: Buffer): boolean {
  if (head.length < 14 || head[1] !== 0x0a) return false;
  if (head[0] === 0x58) return [2, 3].includes(head.readInt32BE(2)) && head.readInt32BE(6) > 0x10000;
  if (head[0] === 0x42) return [2, 3].includes(head.readInt32LE(2)) && head.readInt32LE(6) > 0x10000;
  return head[0] === 0x41 && /^A\n[23]\n\d{5,7}\n\d{5,7}\n/.test(head.subarray(0, 32).toString("latin1"));
}

/** R data: promises run when the value is touched (CVE-2024-27322); stored functions when they are called. */
export function scanRData(scan: Scan, part: Part): string {
  const seen: Seen = { promised: new Set(), stored: new Set() };
  try {
    readAll(part.source, scan.budget, seen);
  } catch (error) {
    if (!(error instanceof BadRData)) throw error;
    const message = `The R data is malformed: ${error.message}.`;
    scan.report("rdata-malformed", part, message, { offset: error.at, cause: "rdata" });
  }
  reportPromises(scan, part, seen.promised);
  const acting = [...seen.stored].filter((name) => STORED_ACTING.has(name));
  if (acting.length > 0) {
    scan.report("rdata-function", part, `A stored function or expression calls ${acting.join(", ")}.`);
  }
  return "rdata";
}

/** Where the data end, by the lengths of their vectors. */
export function endOfRData(source: Source, budget: Budget): number {
  return readAll(source, budget, { promised: new Set(), stored: new Set() });
}

function readAll(source: Source, budget: Budget, seen: Seen): number {
  const workspace = /^RD[XAB][23]\n/.test(source.read(0, 5).toString("latin1"));
  const reader = new RReader(source, workspace ? 5 : 0, budget, (call, inPromise) => {
    (inPromise ? seen.promised : seen.stored).add(call);
  });
  return reader.document();
}

function reportPromises(scan: Scan, part: Part, promised: Set<string>): void {
  if (promised.size === 0) return;
  const acting = [...promised].filter((name) => ACTING.has(name));
  if (acting.length > 0) {
    const message = `Touching the value calls ${acting.join(", ")} through a promise that was not run yet.`;
    scan.report("rdata-promise", part, message);
    return;
  }
  const names = [...promised].slice(0, 5).join(", ");
  scan.report(
    "rdata-lazy",
    part,
    `Touching the value calls ${names} through a promise that was not run yet.`,
  );
}

import type { Part, Scan } from "../core/scan.js";
import { findAddresses } from "./addresses.js";
import { findDownloadCommand } from "./commands.js";
import { findEncodedExecutables } from "./encoded.js";
import { type Executable, findExecutable } from "./executables.js";
import { findSecrets } from "./secrets/find.js";
import type { Secret } from "./secrets/secret.js";

/** Texts for people, in which commands and addresses are ordinary. */
const PROSE =
  /\.(md|rst|txt|html?|tex|bib|csv|tsv|svg)$|(^|\/)(README|LICEN[CS]E|NOTICE|CHANGELOG|COPYING)[^/]*$/i;
/** Code that people run on purpose; what it does is judged where code is. */
const CODE =
  /\.(py|ipynb|sh|bash|ps1|js|ts|toml|cfg|ini|dockerfile|mk|ya?ml)$|(^|\/)(Dockerfile|Makefile)[^/]*$/i;

/** Formats whose strings code may read: elsewhere addresses are ordinary. */
const ACTIVE = /pickle|torch|jinja|keras-config/;

export function examineText(scan: Scan, part: Part, format: string): void {
  const text = part.source.read(0, scan.budget.limits.textBytes).toString("latin1");
  reportSecrets(scan, part, findSecrets(text), text);
  reportEncoded(scan, part, text, 0);
  if (!PROSE.test(part.name) && !CODE.test(part.name)) reportCommand(scan, part, text, 0);
  if (ACTIVE.test(format)) reportAddresses(scan, part, text);
}

/** Where the numbers of these formats begin; what comes before them is text. */
const MAX_HEADER = 16 * 1024 * 1024;

/** A file of many members is not searched for ever. */
const MAX_PARTS = 16;

/** How many bytes from the beginning are worth a search. */
function searched(scan: Scan, part: Part, format: string): number {
  const { limits } = scan.budget;
  const left = MAX_PARTS * limits.searchBytes - scan.gathered.searchedBytes;
  const searchBytes = Math.max(0, Math.min(limits.searchBytes, left));
  if (format === "npy") return 4096;
  if (format !== "safetensors" || part.source.size < 8) return searchBytes;
  const length = Number(part.source.read(0, 8).readBigUInt64LE(0));
  return Math.min(8 + length, MAX_HEADER, searchBytes);
}

export function examineBytes(scan: Scan, part: Part, format: string): void {
  const bytes = part.source.read(0, searched(scan, part, format));
  scan.gathered.searchedBytes += bytes.length;
  // The weights of these are looked at where they lie.
  const weights = format === "safetensors" || format === "npy" || format === "gguf";
  const text = bytes.toString("latin1");
  reportSecrets(scan, part, findSecrets(text, { binary: true }), text);
  reportEncoded(scan, part, text, 0);
  reportCommand(scan, part, text, 0);
  if (ACTIVE.test(format)) reportAddresses(scan, part, text);
  if (hasHidden(scan, part)) return;
  const { size } = part.source;
  reportInside(scan, part, bytes, 0);
  if (size <= bytes.length || weights || bytes.length === 0) return;
  const tail = Math.max(bytes.length, size - TAIL);
  reportInside(scan, part, part.source.read(tail, TAIL), tail);
}

/** The same program is one finding, and where nothing should be is the worse place. */
function hasHidden(scan: Scan, { member }: Part): boolean {
  return scan.findings.some(
    ({ rule, location }) => rule === "hidden-executable" && (location.member ?? "") === member,
  );
}

const TAIL = 1024 * 1024;

/** What lies behind the end of a format: nothing should, and a program there is hidden. */
export function examineEnd(scan: Scan, part: Part, from: number): void {
  const { searchBytes } = scan.budget.limits;
  if (searchBytes <= 0) return;
  const found = findExecutable(part.source.read(from, searchBytes));
  if (!found) return;
  const message = `${describeExecutable(found.executable)} lies behind the end of the model.`;
  scan.report("hidden-executable", part, message, { offset: from + found.at, cause: "hidden program" });
}

function reportInside(scan: Scan, part: Part, bytes: Buffer, base: number): void {
  const found = findExecutable(bytes);
  if (!found) return;
  scan.report("embedded-executable", part, `${describeExecutable(found.executable)} lies in the bytes.`, {
    offset: base + found.at,
    cause: "executable",
  });
}

export function describeExecutable({ kind, packer }: Executable): string {
  const article = kind === "ELF" || kind === "Mach-O" ? (kind === "ELF" ? "An" : "A") : "A";
  return `${article} ${kind} program${packer === undefined ? "" : `, packed with ${packer},`}`;
}

const MAX_SECRETS = 20;

function reportSecrets(scan: Scan, part: Part, secrets: readonly Secret[], text: string): void {
  const counts = { "embedded-secret": 0, "possible-secret": 0 };
  for (const { type, start, end, strength } of secrets) {
    if (strength === "possible") continue;
    const rule = strength === "sure" ? "embedded-secret" : "possible-secret";
    if (++counts[rule] > MAX_SECRETS) continue;
    const shown = JSON.stringify(text.slice(start, Math.min(end, start + 4)));
    const message = `${strength === "sure" ? "A" : "Perhaps a"} ${type.replaceAll("-", " ")} of ${end - start} characters that begins with ${shown}.`;
    scan.report(rule, part, message, { offset: start, cause: text.slice(start, end) });
  }
}

function reportEncoded(scan: Scan, part: Part, text: string, base: number): void {
  for (const { at, executable, encoding } of findEncodedExecutables(text)) {
    const message = `${describeExecutable(executable)} is written in ${encoding}.`;
    scan.report("encoded-executable", part, message, { offset: base + at, cause: "encoded" });
  }
}

function reportCommand(scan: Scan, part: Part, text: string, base: number): void {
  const found = findDownloadCommand(text);
  if (!found) return;
  const message = `The bytes hold the command ${JSON.stringify(found.command.slice(0, 120))}.`;
  scan.report("download-command", part, message, { offset: base + found.at, cause: "command" });
}

/**
 * All addresses of a part are one finding: what matters is that there are any. Vocabularies and documentation name hosts too,
 * so that in a file in which nothing else was found only bare numbers are told.
 */
function reportAddresses(scan: Scan, part: Part, text: string): void {
  const all = findAddresses(text);
  const found = scan.verdict === "clean" ? all.filter(({ numeric }) => numeric) : all;
  const [first] = found;
  if (!first) return;
  const others = found.length === 1 ? "" : ` and ${found.length - 1} more`;
  const message = `The bytes name the address ${JSON.stringify(first.text.slice(0, 120))}${others}.`;
  scan.report("embedded-address", part, message, { offset: first.at, cause: "address" });
}

import { createHash } from "node:crypto";
import { RULES, type RuleId } from "../rules/rules.js";
import { Gathered } from "./gathered.js";
import { Budget, type LimitName, LimitReached, type Limits } from "./limits.js";
import type { Finding, Location, Verdict } from "./report.js";
import { type Source, SourceChanged } from "./source.js";
import { memorySpill, type Spill, type Spool } from "./spill.js";

/** What a part of a file is called and how deep it lies. */
export interface Part {
  source: Source;
  /** The name that a loader would see: the file's name or the member's path. */
  name: string;
  /** Path inside containers, empty for the file itself. */
  member: string;
  depth: number;
  /** A loader was seen that reads this part as a pickle, whatever it looks like. */
  expect?: "pickle";
  /** A zip file follows other bytes here because the format puts it there. */
  follows?: boolean;
  /** The part lies in a layer of a container image, which is unpacked below a root of its own. */
  image?: boolean;
}

export type Route = (scan: Scan, part: Part) => string;

export interface ReportOptions {
  offset?: number;
  cause?: string;
  once?: boolean;
}

/** The size of a file by its path from the directory of the one that is examined, where there is such a file. */
export type Beside = (path: string) => number | undefined;

/** What is known of the file that is examined, besides its bytes. */
interface FileContext {
  size?: number;
  spill?: Spill;
  beside?: Beside;
}

/** Collects the findings of one file while its parts are examined. */
export class Scan {
  readonly budget: Budget;
  readonly findings: Finding[] = [];
  readonly gathered: Gathered = new Gathered();
  /** Absent where nothing is known of the directory. */
  readonly beside: Beside | undefined;
  private readonly route: Route;
  private readonly seen = new Map<string, Finding>();
  private readonly nested = new Set<string>();
  private readonly spill: Spill;
  private readonly spools: Spool[] = [];
  private dropped = 0;

  constructor(limits: Limits, route: Route, file: FileContext = {}) {
    this.beside = file.beside;
    this.budget = new Budget(limits, file.size);
    this.route = route;
    this.spill = file.spill ?? memorySpill(limits.memoryBytes);
  }

  /** A place for unpacked bytes, until the part or the `scoped` work that asked for it is done. */
  spool(): Spool {
    const spool = this.spill.create();
    this.spools.push(spool);
    return spool;
  }

  scoped<T>(work: () => T): T {
    const mark = this.spools.length;
    try {
      return work();
    } finally {
      for (const spool of this.spools.splice(mark)) spool.close();
    }
  }

  /** Adds a finding. Findings with the same `cause` in the same part are one finding; with `once`, in the whole file. */
  report(rule: RuleId, part: Part, message: string, options: ReportOptions = {}): void {
    const key = options.once ? rule : `${rule}\0${part.member}\0${options.cause ?? message}`;
    if (this.seen.has(key)) return;
    const location: Location = {};
    if (part.member) location.member = part.member;
    if (options.offset !== undefined) location.offset = options.offset;
    const room = this.budget.limits.findings * (RULES[rule].outcome === "malicious" ? 4 : 1);
    if (this.findings.length >= room) {
      this.drop(location);
      return;
    }
    const finding = findingOf(rule, message, location);
    this.seen.set(key, finding);
    this.findings.push(finding);
  }

  /** What is not kept nobody can accept either, so the file stays `incomplete` by a finding of its own. */
  private drop(location: Location): void {
    if (this.dropped++ > 0) return;
    this.findings.push(findingOf("limit-reached", "More was found than is kept.", location));
  }

  /**
   * Whether nested bytes are seen for the first time in this file. A pickle may hand the same bytes to a loader again and
   * again, and so may the pickle in them: without a memory each level multiplies the work.
   */
  isFirst(content: Buffer): boolean {
    const { size } = this.nested;
    return this.nested.add(createHash("sha256").update(content).digest("base64")).size > size;
  }

  /** Examines a part by its content and answers its format. A fault in its parser makes it incomplete. */
  examine(part: Part): string {
    try {
      if (part.depth > this.budget.limits.depth) throw new LimitReached("depth");
      return this.scoped(() => this.route(this, part));
    } catch (error) {
      this.reportFault(part, error);
      return "unknown";
    }
  }

  /** Runs a parser; what it throws becomes an `incomplete` finding of that part and the scan goes on. */
  guard(part: Part, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.reportFault(part, error);
    }
  }

  /** Says that a limit kept a part from being read whole, where the rest of it can still be examined. */
  reportLimit(part: Part, limit: LimitName): void {
    const message = `The limit on ${LIMIT_WORDS[limit]} was reached here.`;
    this.report("limit-reached", part, message, { cause: limit });
  }

  /** A text up to the limit, which is reported where it cuts the text. */
  readText(part: Part, source: Source = part.source): Buffer {
    const { textBytes } = this.budget.limits;
    if (source.size > textBytes) this.reportLimit(part, "textBytes");
    return source.read(0, textBytes);
  }

  private reportFault(part: Part, error: unknown): void {
    if (error instanceof LimitReached) this.reportLimit(part, error.limit);
    else if (error instanceof SourceChanged) {
      this.report("file-changed", part, "The file changed while it was read.");
    } else {
      const reason = error instanceof Error ? error.message : "unknown fault";
      this.report("parser-failed", part, `This part could not be parsed: ${reason}.`, { cause: "fault" });
    }
  }

  get verdict(): Verdict {
    const outcomes = new Set(this.findings.map((finding) => RULES[finding.rule as RuleId].outcome));
    if (outcomes.has("malicious")) return "malicious";
    if (outcomes.has("incomplete") || this.dropped > 0) return "incomplete";
    return outcomes.has("suspicious") ? "suspicious" : "clean";
  }
}

export function findingOf(rule: RuleId, message: string, location: Location): Finding {
  const { severity, consequence, remedy, references } = RULES[rule];
  return { rule, severity, message, consequence, location, remedy, references: [...references] };
}

const LIMIT_WORDS: Record<string, string> = {
  depth: "containers inside containers",
  entries: "the number of members",
  memberBytes: "the unpacked size of one member",
  totalBytes: "the unpacked size of all members",
  memoryBytes: "the unpacked size of one member in memory",
  freeBytes: "the free space on the disk",
  ratio: "the compression ratio",
  bombBytes: "the compression ratio",
  steps: "parsing steps",
  textBytes: "the size of text",
  findings: "findings",
};

/** A part inside `parent`, named by its path there. */
export function inside(parent: Part, name: string, source: Source): Part {
  return {
    source,
    name,
    member: parent.member ? `${parent.member}!${name}` : name,
    depth: parent.depth + 1,
    ...(parent.image && { image: true }),
  };
}

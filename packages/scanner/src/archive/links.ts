import type { Part, Scan } from "../core/scan.js";
import { leadsOut, show } from "./paths.js";

/** Where packed environments keep their interpreters and libraries: nobody else's files, and none that a model brings. */
const SYSTEM = /^\/(usr|opt|lib|lib32|lib64|bin|sbin)\/[^\\]*$/;

interface Link {
  name: string;
  leadsOut: boolean;
  offset: number | undefined;
}

/**
 * Watches where the members of one archive would be written. Links inside the archive are ordinary; a link that leads
 * out is not, and neither is a member whose path goes through a link (CVE-2025-4517 and its many relatives).
 */
export class Paths {
  private readonly scan: Scan;
  private readonly part: Part;
  private readonly links = new Map<string, Link>();
  private readonly members: { name: string; offset: number | undefined }[] = [];

  constructor(scan: Scan, part: Part) {
    this.scan = scan;
    this.part = part;
  }

  member(name: string, offset?: number): void {
    this.members.push({ name, offset });
    if (!leadsOut(name)) return;
    const message = `The member ${show(name)} unpacks outside the directory.`;
    this.scan.report("archive-path-escape", this.part, message, offset === undefined ? {} : { offset });
  }

  symbolic(name: string, target: string, offset?: number): void {
    const from = resolve([], name)?.slice(0, -1) ?? [];
    const system = SYSTEM.test(target) && !/(^|\/)\.\.(\/|$)/.test(target);
    const out = resolve(from, target) === undefined;
    if (out && !system) this.report(name, target, offset);
    const key = (resolve([], name) ?? [name]).join("/");
    this.links.set(key, { name, leadsOut: out, offset });
    if (/[^.\\/][\\/]+\.\.([\\/]|$)/.test(target))
      this.members.push({ name: target.replace(/^(\.{0,2}[\\/])+/, ""), offset });
  }

  hard(name: string, target: string, offset?: number): void {
    if (resolve([], target) === undefined) this.report(name, target, offset);
  }

  /** Looks for members that go through links, wherever these stand in the archive. */
  finish(): void {
    if (this.links.size === 0) return;
    for (const { name, offset } of this.members) {
      const path = resolve([], name) ?? [];
      const same = this.links.get(path.join("/"));
      const through = same?.leadsOut && same.offset !== offset ? same : this.above(path);
      if (!through) continue;
      const message = `The member ${show(name)} is written through the link ${show(through.name)}.`;
      this.scan.report("archive-link", this.part, message, offset === undefined ? {} : { offset });
    }
  }

  private above(path: readonly string[]): Link | undefined {
    let key = "";
    for (const step of path.slice(0, -1)) {
      this.scan.budget.step();
      key = key === "" ? step : `${key}/${step}`;
      const link = this.links.get(key);
      if (link) return link;
    }
    return undefined;
  }

  private report(name: string, target: string, offset: number | undefined): void {
    const message = `The member ${show(name)} links to ${show(target)}.`;
    this.scan.report("archive-link", this.part, message, offset === undefined ? {} : { offset });
  }
}

/** The steps of a path from `from` on; undefined when it leads out of the archive. */
function resolve(from: readonly string[], path: string): string[] | undefined {
  if (/^[\\/]|^[A-Za-z]:/.test(path)) return undefined;
  const steps = [...from];
  for (const step of path.split(/[\\/]/)) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps;
}

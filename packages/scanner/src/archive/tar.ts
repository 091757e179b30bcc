import { LimitReached } from "../core/limits.js";
import { inside, type Part, type Scan } from "../core/scan.js";
import { type Source, slice } from "../core/source.js";
import { carve } from "../pickle/streams.js";
import { Paths } from "./links.js";
import { show } from "./paths.js";
import { readPax } from "./pax.js";
import { readOldSparse, readPaxSparse, type Sparse, sparseSource } from "./sparse.js";
import { BLOCK, isTarHeader, readTarHeader, until } from "./tar-header.js";

const MAX_RECORDS = 16 * 1024 * 1024;
/** What fits into the octal size of a header; larger members need another header's word. */
const OCTAL = 8 * 1024 ** 3;

interface TarEntry {
  name: string;
  type: string;
  link: string;
  header: number;
  /** The data as it lies in the archive. */
  data: number;
  size: number;
  /** The size in the member's own header, where another header gives another. */
  ownSize: number;
  sparse: Sparse | undefined;
}

/** Reads the members of a tar file: v7, ustar, GNU's and pax, with long names and sparse files resolved. */
export function scanTar(scan: Scan, part: Part): string {
  new TarWalk(scan, part).run();
  return "tar";
}

class TarWalk {
  private readonly scan: Scan;
  private readonly part: Part;
  private readonly source: Source;
  private readonly paths: Paths;
  private common: ReadonlyMap<string, string> = new Map();
  private own: Map<string, string> = new Map();
  private at = 0;

  constructor(scan: Scan, part: Part) {
    this.scan = scan;
    this.part = part;
    this.source = part.source;
    this.paths = new Paths(scan, part);
  }

  run(): void {
    let zeros = 0;
    let damaged = false;
    while (this.at + BLOCK <= this.source.size) {
      const header = this.source.read(this.at, BLOCK);
      if (isTarHeader(header)) {
        this.scan.budget.entry();
        this.record(header);
        zeros = 0;
        damaged = false;
        continue;
      }
      this.scan.budget.step();
      if (header[0] === 0) zeros++;
      else if (!damaged) {
        this.foreign(zeros);
        damaged = true;
      }
      // GNU tar goes on behind damage and looks for the next header.
      this.at += BLOCK;
    }
    this.paths.finish();
  }

  /** A block that is no header; behind the two zero blocks of the end it may be anything. */
  private foreign(zeros: number): void {
    if (zeros < 2) this.broken("A tar header is damaged.");
    carve(this.scan, this.part, this.at, this.source.size);
  }

  private broken(message: string): void {
    this.scan.report("archive-broken", this.part, message, { offset: this.at, cause: "tar" });
  }

  /** Takes one header with what follows it; records for the next member are kept. */
  private record(header: Buffer): void {
    const { name, type, size, link } = readTarHeader(header);
    const data = this.at + BLOCK;
    if ("LKxgX".includes(type)) {
      this.remember(type, data, size);
      this.at = data + blocks(size);
      return;
    }
    const records = new Map([...this.common, ...this.own]);
    this.own = new Map();
    const stated = records.get("size");
    const entry: TarEntry = {
      sparse: undefined,
      name: records.get("GNU.sparse.name") ?? records.get("path") ?? name,
      type,
      link: records.get("linkpath") ?? link,
      header: this.at,
      data,
      size: stated !== undefined && /^\d+$/.test(stated) ? Number(stated) : size,
      ownSize: size,
    };
    if (type === "S") entry.sparse = readOldSparse(this.source, this.at);
    else entry.sparse = readPaxSparse(records, slice(this.source, data, entry.size));
    this.member(entry);
  }

  /** Records that speak of the next member, or (`g`) of all that follow. */
  private remember(type: string, data: number, size: number): void {
    if (size > MAX_RECORDS) throw new LimitReached("textBytes");
    const bytes = this.source.read(data, size);
    if (type === "L") this.own.set("path", until(bytes.toString("utf8")));
    else if (type === "K") this.own.set("linkpath", until(bytes.toString("utf8")));
    else if (type === "g") this.common = new Map([...this.common, ...readPax(bytes)]);
    else for (const [key, value] of readPax(bytes)) this.own.set(key, value);
  }

  private member(entry: TarEntry): void {
    const { type, data, size, ownSize } = entry;
    this.place(entry);
    const end = data + before(entry) + blocks(size);
    this.at = end;
    if (BODILESS.test(type) && size > 0 && this.isHeader(data)) {
      // Python takes what follows for the next header, others skip the size that is stated.
      this.at = data;
      this.otherReading(entry, end);
    } else if (size !== ownSize && size < OCTAL) this.otherReading(entry, data + blocks(ownSize));
    this.examine(entry);
  }

  /** In an image every path and link is read from the image's own root. */
  private place({ name, type, link, header }: TarEntry): void {
    if (!this.part.image || name.includes("..")) this.paths.member(name, header);
    if (this.part.image) return;
    if (type === "1") this.paths.hard(name, link, header);
    if (type === "2") this.paths.symbolic(name, link, header);
  }

  private isHeader(at: number): boolean {
    return isTarHeader(this.source.read(at, BLOCK));
  }

  /** CVE-2025-62518: readers that believe another size go on elsewhere and find other members. */
  private otherReading(entry: TarEntry, at: number): void {
    if (at === this.at || !this.isHeader(at)) return;
    const message = `The member ${show(entry.name)} has two sizes, and readers go on at different places.`;
    // POSIX lets a directory state how much it may hold.
    if (entry.type !== "5")
      this.scan.report("archive-disagreement", this.part, message, { offset: entry.header, cause: "size" });
    const rest = slice(this.source, at, this.source.size);
    this.scan.examine(inside(this.part, "members that other readers find", rest));
  }

  private examine(entry: TarEntry): void {
    const { name, type, data, size, sparse } = entry;
    if (size === 0 || /[2-6]/.test(type)) return;
    const length = before(entry) + size;
    if (data + length > this.source.size) this.broken("The tar file ends inside a member.");
    const stored = slice(this.source, data, length);
    const part = inside(this.part, name, stored);
    const whole = sparse && sparseSource(stored, sparse);
    const { limits } = this.scan.budget;
    if (whole && whole.size <= Math.max(limits.bombBytes, limits.ratio * size)) {
      this.scan.examine({ ...part, source: whole });
      return;
    }
    if (whole) {
      const message = `The member ${show(name)} of ${size} bytes unpacks to ${whole.size} bytes.`;
      this.scan.report("archive-bomb", this.part, message, { offset: entry.header, cause: "sparse" });
    }
    this.scan.examine(part);
  }
}

/** Links, devices and directories, which have no data for most readers. */
const BODILESS = /[1-6]/;

/** The blocks of an old sparse file's map stand between header and data. */
function before({ type, sparse }: TarEntry): number {
  return type === "S" ? (sparse?.header ?? 0) : 0;
}

function blocks(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

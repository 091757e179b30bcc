import { inside, type Part, type Scan } from "../core/scan.js";
import { bytesSource, type Source, slice } from "../core/source.js";
import { Paths } from "./links.js";
import { coderOf, type Joiner } from "./sevenzip-coders.js";
import { type Folder, type Header, type ListedFile, lastOutput, readHeader } from "./sevenzip-header.js";
import { reportUnpacked, type Unpacked, unpack } from "./unpack.js";

const MAX_HEADER = 64 * 1024 * 1024;

/** Unpacks 7z archives and examines every file. */
export function scanSevenZip(scan: Scan, part: Part): string {
  const head = part.source.read(0, 32);
  if (head.length < 32) {
    scan.report("archive-broken", part, "The 7z file ends inside its first header.", { cause: "header" });
    return "7z";
  }
  const offset = Number(head.readBigUInt64LE(12));
  const size = Number(head.readBigUInt64LE(20));
  const bytes = part.source.read(32 + offset, Math.min(size, MAX_HEADER));
  if (bytes.length < size) {
    scan.report("archive-broken", part, "The 7z header lies outside the file.", { cause: "header" });
    return "7z";
  }
  if (size === 0) {
    // 7-Zip looks for the header of an archive that was not finished.
    if (part.source.size > 32)
      scan.report("archive-broken", part, "The 7z file has no header.", { cause: "header" });
    return "7z";
  }
  const header = decodeHeader(scan, part, bytes);
  if (header) extract(scan, part, header);
  return "7z";
}

/** The header may itself be packed, any number of times. */
function decodeHeader(scan: Scan, part: Part, first: Buffer): Header | undefined {
  let bytes = first;
  for (let depth = 0; depth < 4 && bytes.length > 0; depth++) {
    const header = readHeader(bytes);
    if (!header.encoded) return header;
    const folder = header.folders[0];
    const unpacked = folder && unpackFolder(scan, part, header, folder);
    if (!unpacked) return undefined;
    bytes = unpacked.source.read(0, MAX_HEADER);
  }
  scan.report("archive-broken", part, "The 7z header cannot be unpacked.", { cause: "header" });
  return undefined;
}

function extract(scan: Scan, part: Part, header: Header): void {
  const paths = new Paths(scan, part);
  for (const { name } of header.files) paths.member(name);
  const files = header.files.filter(({ empty }) => !empty);
  let next = 0;
  for (const folder of header.folders) {
    scan.scoped(() => {
      const unpacked = unpackFolder(scan, part, header, folder);
      let at = 0;
      for (const size of folder.fileSizes) {
        const file = files[next++];
        scan.budget.entry();
        if (unpacked) examineFile(scan, part, paths, file, slice(unpacked.source, at, size));
        at += size;
      }
      if (unpacked && unpacked.cut === undefined && unpacked.source.size < at) {
        scan.report("archive-broken", part, "A 7z folder unpacks to less than its files need.", {
          cause: "short",
        });
      }
    });
  }
  paths.finish();
}

/** The upper half of the attributes is a Unix mode when the first bit says so; the second is Windows' link. */
const UNIX = 0x8000;
const REPARSE = 0x400;
const MAX_TARGET = 4096;

function examineFile(
  scan: Scan,
  part: Part,
  paths: Paths,
  file: ListedFile | undefined,
  source: Source,
): void {
  const name = file?.name ?? "a file without a name";
  const attributes = file?.attributes ?? 0;
  const unix = (attributes & UNIX) !== 0 && ((attributes >>> 16) & 0o170000) === 0o120000;
  if (unix || (attributes & REPARSE) !== 0) paths.symbolic(name, source.read(0, MAX_TARGET).toString("utf8"));
  scan.examine(inside(part, name, source));
}

function unpackFolder(scan: Scan, part: Part, header: Header, folder: Folder): Unpacked | undefined {
  const packed = folder.packed.map((_, index): Source => {
    const at = folder.firstPacked + index;
    return slice(part.source, 32 + (header.packedOffsets[at] ?? 0), header.packedSizes[at] ?? 0);
  });
  const coders = folder.coders.map((coder, index) => coderOf(coder, folder.sizes[index] ?? 0));
  const known = coders.filter((coder) => coder !== undefined);
  if (known.length < coders.length) return unsupported(scan, part, folder);
  const unpacked = runCoder({ scan, folder, coders: known, packed }, lastOutput(folder), 0);
  reportUnpacked(scan, part, part.source.size, unpacked);
  return unpacked;
}

interface Running {
  scan: Scan;
  folder: Folder;
  coders: Joiner[];
  packed: Source[];
}

/** Runs a coder on its inputs, which are packed streams or what other coders give. */
function runCoder(running: Running, index: number, depth: number): Unpacked {
  const { scan, folder, coders, packed } = running;
  const coder = coders[index];
  if (!coder || depth > folder.coders.length) throw new Error("7z coders in a circle");
  const first = folder.coders.slice(0, index).reduce((sum, { inputs }) => sum + inputs, 0);
  let fault: string | undefined;
  const inputs = Array.from({ length: folder.coders[index]?.inputs ?? 0 }, (_, at): Source => {
    const bond = folder.bonds.find(({ input }) => input === first + at);
    if (!bond) return packed[folder.packed.indexOf(first + at)] ?? bytesSource(Buffer.alloc(0));
    const unpacked = runCoder(running, bond.output, depth + 1);
    fault ??= unpacked.error ?? (unpacked.cut === undefined ? undefined : "cut");
    return unpacked.source;
  });
  const size = inputs.reduce((sum, source) => sum + source.size, 0);
  const unpacked = unpack(scan, size, (out) => coder(inputs, out), folder.sizes[index]);
  if (unpacked.cut === "enough") delete unpacked.cut;
  return fault === undefined ? unpacked : { ...unpacked, error: fault };
}

/** What cannot be unpacked here, by the names that archivers show. */
const NAMES: Readonly<Record<string, string>> = {
  "00": "Copy",
  "020302": "Swap2",
  "020304": "Swap4",
  "030401": "PPMd",
  "03030401": "IA64",
  "04f71102": "Brotli",
  "0b": "RISC-V",
  "21": "LZMA2",
  "030101": "LZMA",
  "03030103": "BCJ",
};

function unsupported(scan: Scan, part: Part, folder: Folder): undefined {
  const encrypted = folder.coders.some(({ method }) => method === "06f10701");
  const methods = folder.coders.map(({ method }) => NAMES[method] ?? method).join(", ");
  if (encrypted) scan.report("archive-encrypted", part, "The 7z archive is encrypted and was not examined.");
  else
    scan.report("archive-unsupported", part, `A 7z folder uses the methods ${methods}.`, { cause: methods });
  return undefined;
}

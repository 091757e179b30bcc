import { inside, type Part, type Scan } from "../core/scan.js";
import { slice } from "../core/source.js";
import { Paths } from "./links.js";

const MAGIC_SIZE = 8;
const HEADER = 60;
const MAX_NAMES = 4 * 1024 * 1024;
/** The index of a static library's symbols. */
const SYMBOLS = /^(\/|\/SYM64\/|__\.SYMDEF( SORTED)?|__\.SYMDEF_64)$/;

/** Reads the members of an `ar` archive (GNU's and BSD's long names): packages of Debian are such. */
export function scanAr(scan: Scan, part: Part): string {
  const { source } = part;
  const paths = new Paths(scan, part);
  let longNames = "";
  for (let at = MAGIC_SIZE; at + HEADER <= source.size; ) {
    scan.budget.entry();
    const header = source.read(at, HEADER).toString("latin1");
    const size = Number(header.slice(48, 58).trim() || Number.NaN);
    if (header.slice(58) !== "`\n" || !Number.isSafeInteger(size) || size < 0) {
      scan.report("archive-broken", part, "An ar header is damaged.", { offset: at, cause: "ar" });
      break;
    }
    const data = at + HEADER;
    const short = header.slice(0, 16).trimEnd();
    if (SYMBOLS.test(short)) {
      scan.report("native-library", part, "The file is a library of native code.", { cause: "native" });
      return "native";
    }
    if (data + size > source.size)
      scan.report("archive-broken", part, "The ar file ends inside a member.", { offset: data, cause: "ar" });
    at = data + size + (size % 2);
    if (short === "//") {
      longNames = source.read(data, Math.min(size, MAX_NAMES)).toString("utf8");
      continue;
    }
    const inData = /^#1\/(\d{1,5})$/.exec(short)?.[1];
    const length = inData === undefined ? 0 : Math.min(size, Number(inData));
    const name = inData === undefined ? nameOf(short, longNames) : textOf(source.read(data, length));
    paths.member(name, data - HEADER);
    scan.examine(inside(part, name, slice(source, data + length, size - length)));
  }
  return "ar";
}

function nameOf(short: string, longNames: string): string {
  const offset = /^\/(\d+)$/.exec(short)?.[1];
  const name = offset === undefined ? short : (longNames.slice(Number(offset)).split("\n", 1)[0] ?? "");
  return name.replace(/\/$/, "");
}

function textOf(bytes: Buffer): string {
  return bytes.toString("utf8").split("\0", 1)[0] ?? "";
}

import type { Part, Scan } from "../../core/scan.js";

/** onnxruntime takes a tensor with this location for one that is in memory already, at the address in `offset`. */
const MEMORY_ADDRESS = "*/_ORT_MEM_ADDR_/*";
const ESCAPE = /(^|[\\/])\.\.([\\/]|$)|^[\\/~]|^[A-Za-z]:|^\w+:\/\/|\0/;
/** What onnxruntime keeps of its own layout beside a tensor's data: a name, then places in the same file. */
const PREPACKED = /^prepacked_\d{1,6}$/;
const PREPACKED_VALUE = /^[\w+.:-]{1,200}(\|\d{1,15};\d{1,15};\d{1,20}){1,64}$/;
/** Git LFS leaves a short text where a large file was not fetched. */
const POINTER = 200;

type Entries = readonly (readonly [key: string, value: string])[];

/** Tensors whose bytes lie in another file, held against that file where it is known. */
export class ExternalData {
  private readonly scan: Scan;
  private readonly part: Part;
  private readonly sizes = new Map<string, number | undefined>();

  constructor(scan: Scan, part: Part) {
    this.scan = scan;
    this.part = part;
  }

  /** Takes the `external_data` of one tensor. Where a key stands twice, loaders differ in which they take. */
  check(entries: Entries, offset: number): void {
    for (const [key, value] of entries) {
      if (key === "location") this.location(value, entries, offset);
      else this.key(key, value, offset);
    }
  }

  private location(path: string, entries: Entries, offset: number): void {
    if (path === MEMORY_ADDRESS) {
      const message = `A tensor's data lies at the address ${JSON.stringify(String(last(entries, "offset")))} of memory.`;
      this.scan.report("onnx-memory-address", this.part, message, { offset, cause: "address" });
      return;
    }
    const rule = ESCAPE.test(path) ? "external-data-escape" : "external-data";
    const message = `A tensor's data lies in ${JSON.stringify(path.slice(0, 500))}.`;
    this.scan.report(rule, this.part, message, { offset, cause: path });
    if (rule === "external-data") this.file(path, endOf(entries), offset);
  }

  private key(key: string, value: string, offset: number): void {
    const numeric = key === "offset" || key === "length";
    if (key === "checksum" || key === "basepath" || (numeric && /^\d{1,15}$/.test(value))) return;
    if (PREPACKED.test(key) && PREPACKED_VALUE.test(value)) return;
    const message = `External data has ${JSON.stringify(key)}: ${JSON.stringify(value.slice(0, 100))}.`;
    this.scan.report("onnx-external-key", this.part, message, { offset, cause: key });
  }

  /** Inside an archive nobody knows where the members will lie. */
  private file(path: string, end: number, offset: number): void {
    if (this.part.member !== "" || !this.scan.beside) return;
    const shown = JSON.stringify(path.slice(0, 500));
    const size = this.sizes.has(path) ? this.sizes.get(path) : this.scan.beside(path);
    this.sizes.set(path, size);
    if (size !== undefined && end <= size) return;
    if (size === undefined || size < POINTER) {
      const message = `The data in ${shown} is not here.`;
      this.scan.report("external-data-missing", this.part, message, { offset, cause: `missing ${path}` });
    } else {
      const message = `A tensor's data goes to byte ${end} of ${shown}, which has ${size}.`;
      this.scan.report("onnx-external-range", this.part, message, { offset, cause: `range ${path}` });
    }
  }
}

function endOf(entries: Entries): number {
  return last(entries, "offset") + last(entries, "length");
}

function last(entries: Entries, wanted: string): number {
  return Number(entries.findLast(([key]) => key === wanted)?.[1]) || 0;
}

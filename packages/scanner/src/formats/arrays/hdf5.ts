import { examineWeights } from "../../content/weights/examine.js";
import type { Tensor } from "../../content/weights/tensor.js";
import type { Part, Scan } from "../../core/scan.js";
import { indexOf, type Source, slice } from "../../core/source.js";
import { carve } from "../../pickle/streams.js";
import { scanEmbeddedConfigs } from "../keras/texts.js";
import type { Dataset } from "./hdf5-datasets.js";
import { externalTarget } from "./hdf5-links.js";
import { BadHdf5, type External, Hdf5Walker } from "./hdf5-objects.js";

const LINK_BLOCK = Buffer.from("FHDB");
const MAX_BLOCKS = 4096;

/** HDF5: links and storage in other files, and Keras' configuration wherever it is stored. */
export function scanHdf5(scan: Scan, part: Part): string {
  const start = superblock(part.source);
  const content = start === 0 ? part.source : slice(part.source, start, part.source.size - start);
  const walker = new Hdf5Walker(content, scan.budget);
  try {
    for (const external of walker.externals()) {
      report(scan, part, { ...external, offset: start + external.offset });
    }
  } catch (error) {
    if (!(error instanceof BadHdf5)) throw error;
    scan.report("hdf5-malformed", part, `The file is malformed: ${error.message}.`, { cause: "hdf5" });
  }
  scanDenseLinks(scan, part);
  checkHeapFilters(scan, part);
  const keras = scanEmbeddedConfigs(scan, part);
  scanDatasets(scan, part, start, walker.datasets, keras || /\.weights\.h5$/i.test(part.name));
  if (part.source.size <= 64 * 1024 * 1024) carve(scan, part, 0, part.source.size);
  return keras ? "keras-h5" : "hdf5";
}

/** Measurements honestly lack numbers, weights do not; programs belong into neither. */
function scanDatasets(
  scan: Scan,
  part: Part,
  start: number,
  datasets: readonly Dataset[],
  weights: boolean,
): void {
  const { source } = part;
  const tensors = datasets.map(({ name, type, offset, length }): Tensor => {
    return { name, type: weights ? type : "other", source, offset: start + offset, length };
  });
  examineWeights(scan, part, tensors);
}

const SIGNATURE = Buffer.from("\x89HDF\r\n\x1a\n", "latin1");

/** Behind a user block, which is 512 bytes or a power of two times that, addresses count from the superblock. */
function superblock(source: Source): number {
  for (let at = 0; at < source.size; at = at === 0 ? 512 : 2 * at) {
    if (source.read(at, SIGNATURE.length).equals(SIGNATURE)) return at;
  }
  return 0;
}

function report(scan: Scan, part: Part, { kind, target, offset }: External): void {
  const what = { link: "A link leads to", storage: "A dataset's values lie in", virtual: "Values come from" }[
    kind
  ];
  const message = `${what} ${JSON.stringify(target)}.`;
  scan.report("hdf5-external", part, message, { offset, cause: target });
}

/** Groups with many links keep them in heap blocks; an external link there has the type 64. */
function scanDenseLinks(scan: Scan, part: Part): void {
  let at = indexOf(part.source, LINK_BLOCK);
  for (let count = 0; at >= 0 && count < MAX_BLOCKS; count++) {
    const block = part.source.read(at, 4096);
    for (let i = 4; i + 12 < block.length; i++) {
      const target = externalTarget(block, i);
      if (target !== undefined) report(scan, part, { kind: "link", target, offset: at + i });
    }
    at = indexOf(part.source, LINK_BLOCK, at + 4);
  }
}

const HEAP = Buffer.from("FRHP");

/** Attributes in a heap with filters are not stored as they are. No library makes such a heap for them. */
function checkHeapFilters(scan: Scan, part: Part): void {
  let at = indexOf(part.source, HEAP);
  for (let count = 0; at >= 0 && count < MAX_BLOCKS; count++) {
    const head = part.source.read(at, 9);
    if (head.length === 9 && head[4] === 0 && head.readUInt16LE(7) > 0 && head.readUInt16LE(7) < 4096) {
      const message = "Links or attributes are stored through a filter.";
      scan.report("hdf5-malformed", part, message, { offset: at, cause: "heap filter" });
      return;
    }
    at = indexOf(part.source, HEAP, at + 4);
  }
}

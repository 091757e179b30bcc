import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { BadFlatbuffer, Flatbuffer } from "./flatbuffer.js";

/** ncnn's and pnnx's networks as text begin with this number. */
export function looksLikeNcnn(_: Scan, source: Source): boolean {
  return /^7767517\r?\n\d+ \d+\r?\n/.test(source.read(0, 64).toString("latin1"));
}

/** A list of layers with numbers: nothing of it is imported or opened. */
export const scanNcnn = (): string => "ncnn";

/** MNN: a flatbuffer without a mark, told by its name. */
export function scanMnn(scan: Scan, part: Part): string {
  try {
    const net = new Flatbuffer(part.source, scan.budget);
    net.field(net.root(), 0);
  } catch (error) {
    if (!(error instanceof BadFlatbuffer)) throw error;
    scan.report("flatbuffer-malformed", part, `The MNN model is malformed: ${error.message}.`, {
      cause: "flatbuffer",
    });
  }
  return "mnn";
}

/** TensorRT: a compiled engine. It is code for one kind of GPU, and may bring code for the host. */
export function scanEngine(scan: Scan, part: Part): string {
  scan.report("compiled-engine", part, "The file is a compiled engine.", { cause: "engine" });
  return "tensorrt";
}

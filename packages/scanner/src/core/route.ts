import { scanAr } from "../archive/ar.js";
import { type Compression, scanCompressed } from "../archive/compressed.js";
import { scanCpio, scanRpm } from "../archive/cpio.js";
import { scanRar } from "../archive/rar.js";
import { scanSevenZip } from "../archive/sevenzip.js";
import { endsAsZip } from "../archive/zip-end.js";
import { examineContent } from "../content/examine.js";
import { scanDistcp } from "../formats/arrays/distcp.js";
import { scanHdf5 } from "../formats/arrays/hdf5.js";
import { scanMsgpack } from "../formats/arrays/msgpack.js";
import { scanNpy } from "../formats/arrays/npy.js";
import { scanSafetensors } from "../formats/arrays/safetensors.js";
import { tableFormat } from "../formats/arrays/tables.js";
import { scanTorchLegacy } from "../formats/arrays/torch-legacy.js";
import { checkBlobName } from "../formats/bundles/blobs.js";
import { scanLlamafile } from "../formats/bundles/llamafile.js";
import { isImageSoftware, scanTarModel } from "../formats/bundles/tar-models.js";
import { scanZip } from "../formats/bundles/zip.js";
import { scanCaffemodel, scanPrototxt } from "../formats/graphs/caffe.js";
import { looksLikeCoreml, scanCoreml } from "../formats/graphs/coreml.js";
import { scanExecutorch } from "../formats/graphs/executorch.js";
import { scanGgml } from "../formats/graphs/ggml.js";
import { scanGguf } from "../formats/graphs/gguf.js";
import { looksLikeNcnn, scanEngine, scanMnn, scanNcnn } from "../formats/graphs/named-models.js";
import { looksLikeOnnx, scanOnnx } from "../formats/graphs/onnx.js";
import { scanOrt } from "../formats/graphs/ort.js";
import { looksLikePaddle, scanPaddle } from "../formats/graphs/paddle.js";
import { looksLikeTensorflow, scanKerasMetadata, scanTensorflow } from "../formats/graphs/tensorflow.js";
import { scanTflite } from "../formats/graphs/tflite.js";
import { scanXml } from "../formats/markup/markup.js";
import { scanNotebook } from "../formats/python/notebook.js";
import { scanRData } from "../formats/rdata/rdata.js";
import { scanJson } from "../formats/repository/config.js";
import {
  DEPENDENCIES_NAME,
  MLMODEL_NAME,
  scanDependencies,
  scanMlmodel,
  scanPickleModule,
} from "../formats/repository/mlflow.js";
import { scanText, TEXT_NAME } from "../formats/repository/text.js";
import { scanCatboost } from "../formats/trees/catboost.js";
import { looksLikeLightgbm, scanLightgbm } from "../formats/trees/lightgbm.js";
import { looksLikeXgboostBinary, scanUbjson, scanXgboostBinary } from "../formats/trees/xgboost-binary.js";
import { carve, probe, scanPickle } from "../pickle/streams.js";
import { detect, type Format } from "./detect.js";
import type { Part, Scan } from "./scan.js";
import type { Source } from "./source.js";
import { isLfsPointer } from "./weak-marks.js";

type Scanner = (scan: Scan, part: Part) => string;

function compressed(kind: Compression): Scanner {
  return (scan, part) => scanCompressed(scan, part, kind);
}

function pickle(scan: Scan, part: Part): string {
  scanPickle(scan, part);
  return "pickle";
}

const SCANNERS: Partial<Record<Format, Scanner>> = {
  pickle,
  "torch-legacy": scanTorchLegacy,
  zip: (scan, part) => (/\.distcp$/i.test(part.name) ? scanDistcp : scanZip)(scan, part),
  gzip: compressed("gzip"),
  bzip2: compressed("bzip2"),
  xz: compressed("xz"),
  lzma: compressed("lzma"),
  lz4: compressed("lz4"),
  zstd: compressed("zstd"),
  zlib: compressed("zlib"),
  zfile: compressed("zfile"),
  "7z": scanSevenZip,
  rar: scanRar,
  tar: scanTarModel,
  ar: scanAr,
  cpio: scanCpio,
  rpm: scanRpm,
  npy: scanNpy,
  safetensors: scanSafetensors,
  hdf5: scanHdf5,
  gguf: scanGguf,
  ggml: scanGgml,
  tflite: scanTflite,
  executorch: scanExecutorch,
  catboost: scanCatboost,
  ort: scanOrt,
  llamafile: scanLlamafile,
  "coreml-weights": () => "coreml-weights",
  ubjson: scanUbjson,
  rdata: scanRData,
  java: javaObject,
  "java-class": javaClass,
  xml: (scan, part) => (TEXT_NAME.test(part.name) ? scanText : scanXml)(scan, part),
  json: (scan, part) =>
    /\.ipynb$/i.test(part.name) && scanNotebook(scan, part) ? "notebook" : scanJson(scan, part),
  elf: native,
  pe: native,
  macho: native,
  pyc: bytecode,
};

function native(scan: Scan, part: Part): string {
  if (part.image) return "native";
  const rule = part.depth === 0 ? "native-library" : "embedded-executable";
  scan.report(rule, part, "The bytes are native code.", { offset: 0 });
  return "native";
}

function javaObject(scan: Scan, part: Part): string {
  scan.report("java-object", part, "The bytes are serialized Java objects.", { offset: 0 });
  return "java";
}

/** One finding for all classes of a library. */
function javaClass(scan: Scan, part: Part): string {
  scan.report("java-class", part, "The file holds compiled Java.", { offset: 0, once: true });
  return "java-class";
}

function bytecode(scan: Scan, part: Part): string {
  if (part.image) return "pyc";
  scan.report("python-bytecode", part, "The bytes are compiled Python.", { offset: 0 });
  return "pyc";
}

/** Examines a part by what its bytes are; its name is only a hint. */
export function route(scan: Scan, part: Part): string {
  if (part.image && isImageSoftware(part.name)) return "image";
  // What a blob unpacks to bears its name and is another thing.
  if (!part.member.endsWith(`${part.name}!${part.name}`)) checkBlobName(scan, part, part.name);
  const format = detect(part.source);
  const name = routeFormat(scan, part, format);
  if (mayAlsoBePickle(format)) alsoPickle(scan, part);
  if (mayAlsoBeText(part, name)) scanText(scan, part);
  if (!ARCHIVES.has(format)) scanAppendedZip(scan, part, name);
  examineContent(scan, part, format, name);
  return name;
}

/** Formats in which another archive's end is an ordinary sight. */
const ARCHIVES: ReadonlySet<Format> = new Set([
  "zip",
  "tar",
  "ar",
  "cpio",
  "rpm",
  "7z",
  "rar",
  "pe",
  "elf",
  "macho",
  "llamafile",
  "empty",
]);

function routeFormat(scan: Scan, part: Part, format: Format): string {
  const scanner = SCANNERS[format];
  if (scanner) return scanner(scan, part);
  if (part.expect === "pickle") return pickle(scan, part);
  return routeUnmarked(scan, part, format);
}

/** Zip files are found from their end: one that follows other bytes is read by loaders that look there. */
function scanAppendedZip(scan: Scan, part: Part, format: string): void {
  if (!endsAsZip(part.source)) return;
  // The TFLite metadata library appends labels so, for the Task Library to read; pickles hold archives as bytes.
  const follows = format === "tflite" || format === "pickle";
  if (!follows)
    scan.report("archive-hidden-data", part, "A zip file follows other bytes.", { cause: "appended" });
  scanZip(scan, follows ? { ...part, follows } : part);
}

/** Formats that are probed as pickles anyway, and zip, at whose first byte every unpickler gives up. */
const PROBED: ReadonlySet<Format> = new Set(["pickle", "torch-legacy", "zip", "empty"]);

/** An unpickler asks for no mark, and reads many as opcodes. */
function mayAlsoBePickle(format: Format): boolean {
  return isMarked(format) && !PROBED.has(format);
}

function isMarked(format: Format): boolean {
  return SCANNERS[format] !== undefined || format === "image";
}

/** What `scanText` answers where a reader takes any bytes for its language. */
const READ_AS_TEXT: ReadonlySet<string> = new Set(["python", "yaml", "jinja", "text", "empty"]);

/**
 * Readers of these names ask for no mark: some marks are words of their languages ("GIF89a = 1"), and a template may be
 * good JSON besides. Lines of a `.pth` file run wherever they stand, but none does in bytes with a zero.
 */
function mayAlsoBeText({ name, source }: Part, format: string): boolean {
  if (READ_AS_TEXT.has(format)) return false;
  return TEXT_NAME.test(name) || (/\.pth$/i.test(name) && !source.read(0, 512).includes(0));
}

function alsoPickle(scan: Scan, part: Part): void {
  if (part.expect !== "pickle" && !loadsAsPickle(part)) return;
  scan.report("loader-disagreement", part, "The bytes are a pickle as well as what their mark says.", {
    cause: "polyglot",
  });
  pickle(scan, part);
}

function loadsAsPickle(part: Part): boolean {
  const { alarming, unfinished, calls } = probe(part.source, 0);
  return alarming || unfinished || (calls && MODEL_NAME.test(part.name));
}

type Looks = (scan: Scan, source: Source) => boolean;

/** Formats without a magic number, told by their own parsers, in this order. */
const UNMARKED: readonly (readonly [Looks, Scanner])[] = [
  [looksLikeXgboostBinary, scanXgboostBinary],
  [looksLikeLightgbm, scanLightgbm],
  [looksLikeNcnn, scanNcnn],
  [looksLikeOnnx, scanOnnx],
  [looksLikeCoreml, scanCoreml],
  [looksLikePaddle, scanPaddle],
];

/** Formats without a magic number: pickles of protocols 0 and 1, protobuf, then text. */
function routeUnmarked(scan: Scan, part: Part, format: Format): string {
  if (format === "empty" || format === "image") return format;
  if (readsAsPickle(part)) return pickle(scan, part);
  if (isLfsPointer(part.source)) return "git-lfs-pointer";
  const told = UNMARKED.find(([looks]) => looks(scan, part.source))?.[1];
  if (told) return told(scan, part);
  const graph = looksLikeTensorflow(scan, part.source);
  if (graph) return scanTensorflow(scan, part, graph);
  const named = BY_NAME.find(([name]) => name.test(part.name))?.[1];
  if (named) return named(scan, part);
  if (format === "text") return scanText(scan, part);
  if (MODEL_NAME.test(part.name)) carve(scan, part, 0, part.source.size);
  if (format !== "unknown") return format;
  const table = tableFormat(part.source);
  return table ?? (/\.(engine|plan|trt)$/i.test(part.name) ? scanEngine(scan, part) : format);
}

/** Formats whose own parser says best what is wrong with a file that bears their name and not their magic number. */
const BY_NAME: readonly (readonly [RegExp, Scanner])[] = [
  [/\.tar$/i, scanTarModel],
  [/\.safetensors$/i, scanSafetensors],
  [/\.gguf$/i, scanGguf],
  [/\.onnx$/i, scanOnnx],
  [/\.(h5|hdf5)$/i, scanHdf5],
  [/\.(msgpack|mpk)$/i, scanMsgpack],
  [MLMODEL_NAME, scanMlmodel],
  [/(^|\/)pickle_module_info\.txt$/, scanPickleModule],
  [DEPENDENCIES_NAME, scanDependencies],
  [TEXT_NAME, scanText],
  [/(^|\/)keras_metadata\.pb$/i, scanKerasMetadata],
  [/\.prototxt$/i, scanPrototxt],
  [/\.caffemodel$/i, scanCaffemodel],
  [/\.mnn$/i, scanMnn],
];

/** A name that promises a pickle is believed as soon as the bytes call anything or end one: more may follow. */
function readsAsPickle(part: Part): boolean {
  const found = probe(part.source, 0);
  const promised = found.calls || found.dangerous || found.wellFormed;
  return found.acceptable || found.alarming || found.unfinished || (promised && MODEL_NAME.test(part.name));
}

const MODEL_NAME = /\.(pkl|pickle|dill|joblib|npy|p|pt|pth|ckpt|bin|model|sav|dat|data)$/i;

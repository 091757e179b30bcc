import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";

/**
 * GGML from before GGUF: a magic number, numbers of the model, its vocabulary, tensors. Each model has numbers of its own
 * and nothing says which model it is; those of LLaMA and Whisper are told by what follows them, others only named.
 */
export function scanGgml(scan: Scan, part: Part): string {
  const { source } = part;
  const magic = source.read(0, 4).toString("latin1");
  const layout = whisper(source, magic) ?? llama(source, magic);
  if (!layout) return "ggml";
  try {
    const tensors = vocabulary(scan, source, layout);
    walkTensors(scan, source, tensors, magic === "tjgg" ? 32 : 1);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    scan.report("ggml-malformed", part, `The model is malformed: ${error.message}.`, { cause: "ggml" });
  }
  return "ggml";
}

class Malformed extends Error {}

interface Layout {
  /** Where the vocabulary begins. */
  at: number;
  tokens: number;
  /** Bytes of a score behind each token. */
  score: number;
}

const MAX_TOKENS = 2_000_000;
const MAX_TOKEN = 4096;
const MAX_NAME = 256;

function u32(source: Source, at: number): number {
  const bytes = source.read(at, 4);
  if (bytes.length < 4) throw new Malformed("the file ends inside a number");
  return bytes.readUInt32LE(0);
}

/** whisper.cpp: eleven numbers, then the mel filters with their own dimensions, of which the first is among the numbers. */
function whisper(source: Source, magic: string): Layout | undefined {
  const head = source.read(0, 60);
  if (magic !== "lmgg" || head.length < 60) return undefined;
  const [mels, filters, bins] = [head.readUInt32LE(40), head.readUInt32LE(48), head.readUInt32LE(52)];
  if (mels !== filters || (mels !== 80 && mels !== 128) || bins !== 201) return undefined;
  const at = 56 + 4 * mels * bins;
  return at + 4 > source.size ? undefined : { at: at + 4, tokens: u32(source, at), score: 0 };
}

/** llama.cpp: a version unless the magic number is the oldest, seven numbers, tokens with scores where there is a version. */
function llama(source: Source, magic: string): Layout | undefined {
  const versioned = magic !== "lmgg";
  const at = versioned ? 8 : 4;
  const head = source.read(at, 28);
  if (head.length < 28) return undefined;
  const [tokens = 0, embedding = 0, , heads = 0, layers = 0, rotation = 0] = new Uint32Array(
    Uint8Array.from(head).buffer,
  );
  const plausible =
    tokens >= 256 && tokens <= MAX_TOKENS && layers >= 1 && layers <= 1024 && heads >= 1 && heads <= 1024;
  if (!plausible || embedding / heads !== rotation) return undefined;
  return { at: at + 28, tokens, score: versioned ? 4 : 0 };
}

function vocabulary(scan: Scan, source: Source, { at, tokens, score }: Layout): number {
  if (tokens > MAX_TOKENS) throw new Malformed("it has more tokens than any model");
  let place = at;
  for (let i = 0; i < tokens; i++) {
    scan.budget.step(4);
    const length = u32(source, place);
    if (length > MAX_TOKEN) throw new Malformed(`token ${i} has ${length} bytes`);
    place += 4 + length + score;
    if (place > source.size) throw new Malformed("its vocabulary is longer than the file");
  }
  return place;
}

/** Bytes and elements of a block by ggml_type, as far as files from before GGUF have them. */
const BLOCKS: readonly (readonly [bytes: number, elements: number] | undefined)[] = [
  [4, 1],
  [2, 1],
];

function walkTensors(scan: Scan, source: Source, start: number, alignment: number): void {
  let at = start;
  while (at + 12 < source.size) {
    scan.budget.step(16);
    const head = source.read(at, 12);
    const [dimensions, name, type] = [head.readInt32LE(0), head.readInt32LE(4), head.readInt32LE(8)];
    // A model of another kind keeps more before its tensors; nothing can be said of it.
    if (at === start && !(dimensions >= 1 && dimensions <= 4 && name >= 1 && name <= MAX_NAME)) return;
    if (dimensions < 0 || dimensions > 4 || name < 0 || name > MAX_NAME)
      throw new Malformed("a tensor has impossible dimensions or an impossible name");
    let elements = 1;
    for (let i = 0; i < dimensions; i++) elements *= u32(source, at + 12 + i * 4);
    const block = BLOCKS[type];
    // The sizes of quantized blocks changed while the format was in use.
    if (!block) return;
    at += 12 + dimensions * 4 + name;
    at = Math.ceil(at / alignment) * alignment + (elements / block[1]) * block[0];
    if (!(at <= source.size)) throw new Malformed("a tensor ends beyond the file");
  }
}

import { examineWeights } from "../../content/weights/examine.js";
import { detect, type Format } from "../../core/detect.js";
import { inside, type Part, type Scan } from "../../core/scan.js";
import { slice } from "../../core/source.js";
import { carve } from "../../pickle/streams.js";
import { BadFlatbuffer, Flatbuffer } from "./flatbuffer.js";

// Tables of executorch's schema/program.fbs; the header of schema/extended_header.h stands before the first of them.
const PROGRAM = { plans: 1, constants: 2, inline: 3, segments: 4, named: 7 } as const;
const PLAN = { values: 2, inputs: 3, outputs: 4, chains: 5, operators: 6, delegates: 7 } as const;
const CHAIN = { instructions: 2 } as const;
const INSTRUCTION = { kind: 0, args: 1 } as const;
const OPERATOR = { name: 0 } as const;
const DELEGATE = { id: 0, processed: 1 } as const;
const REFERENCE = { location: 0, index: 1 } as const;
const NAMED = { segment: 1 } as const;
/** Members of the union InstructionArguments. */
const [KERNEL, DELEGATED, MOVE, JUMP, FREE] = [1, 2, 3, 4, 5];

/** Namespaces of operators that ExecuTorch and its backends bring. */
const KNOWN =
  /^(aten|prim|prims|executorch_prim|quantized_decomposed|quantized|dim_order_ops|llama|cadence|cortex_m|et_\w+|torchao|torchvision|tosa|arm|xnnpack|edge|backend|higher_order|executorch|mlx|vulkan|et|auto)::|^[a-z]\w*$/;

/** ExecuTorch: every offset and index that the runtime follows, and operators that need a library of their own. */
export function scanExecutorch(scan: Scan, part: Part): string {
  try {
    const segments = checkHeader(part);
    const program = new Flatbuffer(part.source, scan.budget);
    const root = program.root();
    const stored = checkSegments(program, root, segments, part.source.size);
    const places: Places = [blobs(program, root, PROGRAM.inline), stored];
    const delegated = new Map<Place, string>();
    const constants = blobs(program, root, PROGRAM.constants);
    for (const plan of program.tables(root, PROGRAM.plans)) {
      checkDelegates(program, plan, places, delegated);
      checkOperators(scan, part, program, plan);
      checkChains(program, plan);
    }
    for (const [place, id] of delegated) examineDelegate(scan, part, place, id);
    const weights = [...constants, ...stored].filter((place) => !delegated.has(place));
    examineWeights(
      scan,
      part,
      weights.map((place, index) => ({
        name: `constants ${index}`,
        type: "other",
        source: part.source,
        ...place,
      })),
    );
  } catch (error) {
    if (!(error instanceof BadFlatbuffer)) throw error;
    scan.report("flatbuffer-malformed", part, `The ExecuTorch program is malformed: ${error.message}.`, {
      cause: "flatbuffer",
    });
  }
  return "executorch";
}

/** Where segments begin; 0 in files from before there were any. */
function checkHeader({ source }: Part): number {
  const head = source.read(8, 32);
  if (head.length < 32 || head.toString("latin1", 0, 4) !== "eh00") return 0;
  const [program, base] = [Number(head.readBigUInt64LE(8)), Number(head.readBigUInt64LE(16))];
  if (program > source.size || base > source.size)
    throw new BadFlatbuffer("its header states more bytes than there are");
  if (base !== 0 && base < program) throw new BadFlatbuffer("its segments lie inside its tables");
  return base;
}

/** Where bytes of a program lie. */
interface Place {
  offset: number;
  length: number;
}

/** Tables that hold nothing but bytes. */
function blobs(program: Flatbuffer, root: number, index: number): Place[] {
  const places: Place[] = [];
  for (const table of program.tables(root, index)) {
    const { start, count } = program.vector(table, 0, 1);
    places.push({ offset: start, length: count });
  }
  return places;
}

function checkSegments(program: Flatbuffer, root: number, base: number, size: number): Place[] {
  const places: Place[] = [];
  for (const segment of program.tables(root, PROGRAM.segments)) {
    const [offset, length] = [program.number(segment, 0, "u64"), program.number(segment, 1, "u64")];
    if (base + offset + length > size)
      throw new BadFlatbuffer(`segment ${places.length} lies outside the file`);
    places.push({ offset: base + offset, length });
  }
  for (const named of program.tables(root, PROGRAM.named)) {
    if (program.number(named, NAMED.segment, "u32") >= places.length)
      throw new BadFlatbuffer("named data lies in a segment that is not there");
  }
  return places;
}

type Places = readonly [inline: Place[], segments: Place[]];

/** A delegate's data lies in a table of its own or in a segment. */
function checkDelegates(
  program: Flatbuffer,
  plan: number,
  places: Places,
  delegated: Map<Place, string>,
): void {
  for (const delegate of program.tables(plan, PLAN.delegates)) {
    const id = program.text(delegate, DELEGATE.id, 256) ?? "";
    const reference = program.table(delegate, DELEGATE.processed);
    if (reference === 0) continue;
    const location = program.number(reference, REFERENCE.location, "u8");
    const place = places[location]?.[program.number(reference, REFERENCE.index, "u32")];
    if (!place) throw new BadFlatbuffer("a delegate's data are not there");
    delegated.set(place, id);
  }
}

/** What a delegate's data may hold that its backend would unpack or load. */
const NESTED: ReadonlySet<Format> = new Set([
  "zip",
  "gzip",
  "xz",
  "zstd",
  "7z",
  "tar",
  "torch-legacy",
  "npy",
  "hdf5",
  "gguf",
  "tflite",
]);

/** Each backend has a form of its own. Programs among its bytes are looked for in the whole file. */
function examineDelegate(scan: Scan, part: Part, { offset, length }: Place, id: string): void {
  const blob = inside(part, `delegate ${id}`, slice(part.source, offset, length));
  if (NESTED.has(detect(blob.source))) scan.examine(blob);
  else scan.guard(blob, () => void carve(scan, blob, 0, length));
}

function checkOperators(scan: Scan, part: Part, program: Flatbuffer, plan: number): void {
  for (const operator of program.tables(plan, PLAN.operators)) {
    const name = program.text(operator, OPERATOR.name, 256) ?? "";
    if (KNOWN.test(name)) continue;
    const space = name.split("::", 1)[0] ?? "";
    const message = `The program uses the operator ${JSON.stringify(name)}.`;
    scan.report("executorch-custom-operator", part, message, { cause: space });
  }
}

function checkChains(program: Flatbuffer, plan: number): void {
  const values = program.vector(plan, PLAN.values, 4).count;
  const operators = program.vector(plan, PLAN.operators, 4).count;
  const delegates = program.vector(plan, PLAN.delegates, 4).count;
  const expectValue = (index: number): void => {
    if (index < 0 || index >= values) throw new BadFlatbuffer(`value ${index} of ${values} is not there`);
  };
  for (const field of [PLAN.inputs, PLAN.outputs])
    for (const value of program.integers(plan, field)) expectValue(value);
  for (const chain of program.tables(plan, PLAN.chains)) {
    const length = program.vector(chain, CHAIN.instructions, 4).count;
    for (const instruction of program.tables(chain, CHAIN.instructions)) {
      checkInstruction(program, instruction, { operators, delegates, length, expectValue });
    }
  }
}

interface Plan {
  operators: number;
  delegates: number;
  length: number;
  expectValue(index: number): void;
}

function checkInstruction(program: Flatbuffer, instruction: number, plan: Plan): void {
  const kind = program.number(instruction, INSTRUCTION.kind, "u8");
  const args = program.table(instruction, INSTRUCTION.args);
  if (kind === 0 || kind > FREE || args === 0) throw new BadFlatbuffer("an instruction is of no known kind");
  const first = program.number(args, 0, "i32");
  if (kind === KERNEL || kind === DELEGATED) {
    const available = kind === KERNEL ? plan.operators : plan.delegates;
    if (first < 0 || first >= available)
      throw new BadFlatbuffer(`an instruction calls ${first} of ${available}`);
    for (const value of program.integers(args, 1)) plan.expectValue(value);
    return;
  }
  plan.expectValue(first);
  if (kind === MOVE) plan.expectValue(program.number(args, 1, "i32"));
  const target = kind === JUMP ? program.number(args, 1, "i32") : 0;
  if (target < 0 || target > plan.length) throw new BadFlatbuffer("a jump leads out of its chain");
}

import type { Part, Scan } from "../core/scan.js";
import type { Source } from "../core/source.js";
import { BadProtobuf, type Field, fields, text } from "./protobuf.js";

/** Operators that touch files or run Python. Source: tensorflow/core/ops/*.cc. */
const ACTING =
  /^(ReadFile|WriteFile|MatchingFiles|PyFunc|PyFuncStateless|EagerPyFunc|PrintV2ToFile|LoadAndRemapMatrix|WholeFileReader(V2)?|TextLineDataset|FixedLengthRecordDataset(V2)?|TFRecordDataset|CSVDataset|SqlDataset|WriteImageSummary|WriteSummary|CreateSummaryFileWriter|CreateSummaryDbWriter|SaveDatasetV?2?|LoadDataset|SnapshotDataset(V2)?|DebugIdentityV?[23]?|DumpToFile|LaunchServer|LookupTableExport.*File|ConfigureDistributedTPU|RemoteCall|RpcOp|Rpc|TryRpc|XlaHostCompute|NcclAllReduceFile|GrpcServer.*|BigQuery.*|GcsConfigure.*|DecodeProtoV2|EncodeProto|DataServiceDataset.*|RegisterDataset.*|DistributedSave|IO>.*)$/;
/** SavedModels keep variables and vocabularies with these, under names that the graph fixes. */
const NODE = 1;
const LIBRARY = 2;

export function looksLikeTensorflow(scan: Scan, source: Source): "savedmodel" | "graphdef" | undefined {
  const head = source.read(0, 2);
  if (head[0] === 0x08 && (head[1] ?? 0) <= 4)
    return hasFields(scan, source, 2, isMetaGraph) ? "savedmodel" : undefined;
  if (head[0] !== 0x0a) return undefined;
  return hasFields(scan, source, NODE, isNode) ? "graphdef" : undefined;
}

/** The first message of that number satisfies `test` and the top level parses for a while. */
function hasFields(scan: Scan, source: Source, number: number, test: Test): boolean {
  let count = 0;
  try {
    for (const field of fields(source, 0, source.size, scan.budget)) {
      if (field.number === number && field.wire === 2) return test(scan, source, field);
      if (++count > 4) return false;
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
  }
  return false;
}

type Test = (scan: Scan, source: Source, field: Field) => boolean;

/** MetaGraphDef: meta_info_def 1 or graph_def 2. */
const isMetaGraph: Test = (scan, source, field) => {
  for (const inner of fields(source, field.offset, field.offset + field.value, scan.budget)) {
    if (inner.wire === 2 && inner.number === 2) return true;
    if (inner.wire !== 2 || inner.number > 8) return false;
  }
  return false;
};

/** NodeDef: name 1, op 2, both short printable text. */
const isNode: Test = (scan, source, field) => {
  const found: Field[] = [];
  for (const inner of fields(source, field.offset, field.offset + field.value, scan.budget)) {
    if (inner.number > 7 || inner.wire !== 2) return false;
    found.push(inner);
    if (found.length > 3) break;
  }
  const [name, op] = found;
  if (name?.number !== 1 || op?.number !== 2) return false;
  return /^[\w./>-]+$/.test(text(source, name, 512)) && /^[A-Za-z_][\w>.]*$/.test(text(source, op, 128));
};

/** SavedModel and frozen graphs: the operators of every node, also inside functions. */
export function scanTensorflow(scan: Scan, part: Part, kind: "savedmodel" | "graphdef"): string {
  const { source } = part;
  try {
    if (kind === "graphdef") graph(scan, part, 0, source.size);
    else {
      for (const field of fields(source, 0, source.size, scan.budget)) {
        if (field.number === 2 && field.wire === 2) metaGraph(scan, part, field);
      }
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    scan.report("tensorflow-malformed", part, `The graph is malformed: ${error.message}.`, {
      cause: "tensorflow",
    });
  }
  return kind;
}

function metaGraph(scan: Scan, part: Part, field: Field): void {
  for (const inner of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
    if (inner.number === 2 && inner.wire === 2) graph(scan, part, inner.offset, inner.offset + inner.value);
  }
}

function graph(scan: Scan, part: Part, start: number, end: number): void {
  for (const field of fields(part.source, start, end, scan.budget)) {
    if (field.wire !== 2) continue;
    if (field.number === NODE) node(scan, part, field);
    else if (field.number === LIBRARY) library(scan, part, field);
  }
}

/** FunctionDefLibrary.function 1; FunctionDef.node_def 3. */
function library(scan: Scan, part: Part, field: Field): void {
  for (const fn of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
    if (fn.number !== 1 || fn.wire !== 2) continue;
    for (const inner of fields(part.source, fn.offset, fn.offset + fn.value, scan.budget)) {
      if (inner.number === 3 && inner.wire === 2) node(scan, part, inner);
    }
  }
}

function node(scan: Scan, part: Part, field: Field): void {
  for (const inner of fields(part.source, field.offset, field.offset + field.value, scan.budget)) {
    if (inner.number !== 2 || inner.wire !== 2) continue;
    const op = text(part.source, inner, 128);
    if (!ACTING.test(op)) continue;
    const message = `The graph uses the operator ${op}.`;
    scan.report("tensorflow-operator", part, message, { offset: field.offset, cause: op });
  }
}

/** What an operator does beyond computing; `reads` is ordinary in the input pipelines of training graphs. */
export type OperatorAct = "acts" | "reads" | "saves" | "prints";

const names = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/**
 * Operators that write files, run Python, talk to other machines or end the process.
 * Source: the operators that TensorFlow 2.21 registers, chosen by their inputs and attributes.
 */
const ACTING = names(
  "WriteFile PyFunc PyFuncStateless EagerPyFunc WriteImageSummary CreateSummaryFileWriter " +
    "CreateSummaryDbWriter SaveDataset SaveDatasetV2 DatasetToTFRecord ExperimentalDatasetToTFRecord SnapshotDataset " +
    "SnapshotDatasetV2 DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary " +
    "DumpTensor DumpToFile CalibrationStatisticsSaver DistributedSave DataServiceDataset DataServiceDatasetV2 " +
    "DataServiceDatasetV3 DataServiceDatasetV4 RegisterDataset RegisterDatasetV2 RpcCall RpcClient RpcServer " +
    "RpcServerStart RpcServerRegister Rpc TryRpc RpcOp RemoteCall GcsConfigureCredentials GcsConfigureBlockCache " +
    "ConfigureDistributedTPU LaunchServer XlaHostCompute Abort WholeFileWriter",
);

/** Operators that read files whose names the graph may fix. */
const READING = names(
  "ReadFile MatchingFiles LoadAndRemapMatrix GenerateVocabRemapping LoadDataset SqlDataset ExperimentalSqlDataset " +
    "TextLineDataset FixedLengthRecordDataset FixedLengthRecordDatasetV2 TFRecordDataset TFRecordDatasetV2 CSVDataset " +
    "CSVDatasetV2 ExperimentalCSVDataset LMDBDataset ExperimentalLMDBDataset ExperimentalMatchingFilesDataset " +
    "MatchingFilesDataset SnapshotDatasetReader SnapshotChunkDataset ListSnapshotChunksDataset WholeFileReader " +
    "WholeFileReaderV2 TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 FixedLengthRecordReader " +
    "FixedLengthRecordReaderV2 LMDBReader RecordInput Skipgram",
);

const SAVING = names("Save SaveSlices SaveV2 MergeV2Checkpoints");

/** Operators of TensorFlow I/O that reach files and services; its decoders of images and audio do not. */
const FOREIGN =
  /^(IO>\w*(Read|Write|File|Kafka|Mongo|Pub[Ss]ub|Kinesis|Oss|BigQuery|Arrow|Stream|Elasticsearch|Http|Ignite|Prometheus|Sql)\w*|BigQuery\w+)$/;

export function operatorAct(operator: string): OperatorAct | undefined {
  if (ACTING.has(operator) || FOREIGN.test(operator)) return "acts";
  if (READING.has(operator)) return "reads";
  if (SAVING.has(operator)) return "saves";
  return operator === "PrintV2" ? "prints" : undefined;
}

/** Parts of the `tf` module whose functions compute from tensors, or are methods of tensors. */
const COMPUTING =
  /^(__operators__|math|nn|linalg|signal|sets|sparse|ragged|random|strings|bitwise|quantization|audio|image|dtypes|errors|keras\.(activations|backend|losses|metrics|initializers|layers)|experimental\.numpy|compat\.v1\.(math|nn|linalg|image|strings|random|sparse|ragged)|signal|RaggedTensor|TensorShape|SparseTensor|ragged\.RaggedTensor|sparse\.SparseTensor)\./;
const ACTING_SYMBOL =
  /(^|\.)(py_function|numpy_function|py_func|load\w*|save\w*|write\w*|read\w*|gfile|io|saved_model|import_\w+|get_file|contrib|resource_loader|compat\.as_path|print|Graph|Session|function|custom_gradient|init_scope|eval|debugging|summary|train|lite|distribute|data|config|sysconfig|test|tools|profiler|utils|estimator|lookup|autograph|__internal__|experimental\.dtensor|experimental\.dlpack)(\.|$)/;

/** Whether a `tf.` name that Keras 2 calls again on loading does more than compute. */
export function actingTensorflowSymbol(symbol: string): boolean {
  const raw = /^(?:compat\.v[12]\.)?raw_ops\.(\w+)$/.exec(symbol)?.[1];
  if (raw !== undefined) return operatorAct(raw) !== undefined;
  if (COMPUTING.test(symbol)) return false;
  return ACTING_SYMBOL.test(symbol) && !/^io\.(decode_|parse_|encode_)/.test(symbol);
}

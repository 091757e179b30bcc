import { type Library, lastWord } from "./rule.js";

/** Registries, and servers of one's own. */
export const SERVICES: readonly Library[] = [
  {
    provider: "mlflow",
    heads: ["mlflow", "MLflow", "org.mlflow"],
    calls: [
      { call: /(^|\.)(load_model|pyfunc\.spark_udf|pyfunc\.load_pyfunc)$/, at: 0, named: ["model_uri"] },
      { call: /pyfunc\.spark_udf$/, at: 1, named: ["model_uri"] },
      { call: /(^|\.)log_model$|(^|\.)save_model$/, named: ["registered_model_name"], at: 99 },
      { call: /(^|\.)register_model$/, at: 1, named: ["name"] },
      {
        call: /(^|\.)(get_model_version_by_alias|get_registered_model|create_registered_model|set_registered_model_alias|transition_model_version_stage|create_model_version|get_latest_versions|get_model_version|download_artifacts)$/,
        at: 0,
        named: ["name", "artifact_uri"],
      },
      {
        call: /(^|\.)load_prompt$|(^|\.)register_prompt$/,
        at: 0,
        named: ["name_or_uri", "name"],
        kind: "Prompt",
      },
      {
        call: /(get_deploy_client|deployments)(\.\w+)*\.(predict|predict_stream)$/,
        named: ["endpoint", "deployment_name"],
        at: 99,
        kind: "Endpoint",
      },
      { call: /(^|\.)autolog$/, named: ["registered_model_name"], at: 99 },
      { call: /data\.from_\w+$/, named: ["name"], at: 99, kind: "Dataset" },
      { call: /data\.load_delta$/, named: ["name"], at: 99, kind: "Dataset" },
    ],
  },
  {
    provider: "azure",
    heads: ["azure.ai.ml", "azureml.core"],
    calls: [
      { call: /(^|\.)models\.(get|download)$/, at: 0, named: ["name"] },
      { call: /(^|\.)Model\.get_model_path$/, at: 0, named: ["model_name"] },
      { call: /(^|\.)data\.get$/, at: 0, named: ["name"], kind: "Dataset" },
      {
        call: /(^|\.)(online|batch)_endpoints\.invoke$/,
        at: 0,
        named: ["endpoint_name"],
        kind: "Endpoint",
      },
    ],
  },
  {
    provider: "wandb",
    heads: ["wandb"],
    calls: [
      {
        call: /(^|\.)(use_artifact|use_model)$/,
        at: 0,
        named: ["artifact_or_name", "name"],
        when: { named: ["type"], at: 1, not: /^(dataset|code|result)$/ },
      },
      {
        call: /(^|\.)use_artifact$/,
        at: 0,
        kind: "Dataset",
        when: { named: ["type"], at: 1, not: /^(?!dataset)/ },
      },
      { call: /(^|\.)link_model$/, named: ["registered_model_name"], at: 99 },
    ],
  },
  {
    provider: "bentoml",
    heads: ["bentoml"],
    calls: [
      {
        call: /(^|\.)(models\.get|load_model|load_runner|get|models\.BentoModel|save_model|models\.HuggingFaceModel)$/,
        at: 0,
        named: ["name"],
      },
    ],
  },
  {
    provider: "kaggle",
    heads: ["kagglehub", "opendatasets"],
    calls: [
      { call: /model_download$/, at: 0 },
      { call: /dataset_download$|^download$|dataset_load$/, at: 0, kind: "Dataset" },
    ],
  },
  {
    provider: "triton",
    heads: ["tritonclient", "pytriton", "github.com/triton-inference-server/client"],
    calls: [
      {
        call: /(^|\.)(infer|async_infer|async_stream_infer|load_model|is_model_ready|ModelClient|get_model_metadata)$/,
        at: 0,
        named: ["model_name"],
      },
      { call: /ModelClient$/, at: 1, named: ["model_name"] },
      {
        call: /InferenceServerClient$/,
        at: 0,
        named: ["url"],
        kind: "Endpoint",
        when: { named: ["url"], at: 0, not: /^(|localhost|127\.)/ },
      },
    ],
  },
  {
    provider: "langfuse",
    heads: ["langfuse", "Langfuse", "promptlayer", "humanloop", "langfuse-node", "@langfuse/client"],
    calls: [
      {
        call: /(get_prompt|getPrompt|templates\.get|prompt\.get|prompts\.get|prompts\.call)$/,
        at: 0,
        named: ["name", "path"],
        kind: "Prompt",
      },
    ],
  },
];

/** Where data comes from. */
export const DATA: readonly Library[] = [
  {
    provider: "huggingface",
    heads: ["datasets", "@huggingface/datasets"],
    calls: [
      {
        call: /^(load_dataset|load_dataset_builder|load_from_disk|get_dataset_config_names|Dataset\.from_hub|interleave)$/,
        at: 0,
        named: ["path", "dataset_path", "data_files"],
        kind: "Dataset",
      },
    ],
  },
  {
    provider: "tensorflow",
    heads: ["tensorflow_datasets"],
    calls: [{ call: /^(load|builder)$/, at: 0, named: ["name"], kind: "Dataset" }],
  },
  {
    provider: "sklearn",
    heads: ["sklearn.datasets"],
    calls: [
      { call: /^fetch_openml$/, at: 0, named: ["name"], kind: "Dataset" },
      {
        call: /^(fetch_\w+|load_(?!svmlight|files|sample)\w+)$/,
        fixed: (path) => lastWord(path)?.replace(/^(fetch|load)_/, ""),
        kind: "Dataset",
      },
    ],
  },
  {
    provider: "seaborn",
    heads: ["seaborn"],
    calls: [{ call: /^load_dataset$/, at: 0, kind: "Dataset", weak: true }],
  },
  {
    provider: "pytorch",
    heads: ["torchtext.datasets", "torch_geometric.datasets", "torchaudio.datasets"],
    calls: [{ call: /^[A-Z]\w+$/, fixed: lastWord, kind: "Dataset" }],
  },
  {
    provider: "openml",
    heads: ["openml"],
    calls: [{ call: /datasets\.get_dataset$/, at: 0, kind: "Dataset" }],
  },
  { provider: "roboflow", heads: ["roboflow"], calls: [{ call: /\.project$/, at: 0, kind: "Dataset" }] },
];

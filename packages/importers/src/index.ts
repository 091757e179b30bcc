export type { Artifact, Imported, Remote } from "./imported.js";
export type { MlflowAccess } from "./mlflow/client.js";
export { importMlflow, type MlflowOptions } from "./mlflow/import.js";
export { allowedName, originalName } from "./names.js";
export type { SageMakerAccess } from "./sagemaker/client.js";
export { importSageMaker, type SageMakerOptions } from "./sagemaker/import.js";

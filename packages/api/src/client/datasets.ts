import type { Page } from "../common.js";
import type {
  DatasetAccess,
  DatasetDeletion,
  DatasetDetail,
  DatasetQuery,
  DatasetReadBody,
  DatasetReferenceBody,
  DatasetRollbackBody,
  DatasetRollbackResult,
  DatasetSummary,
  DatasetVersionDetail,
} from "../dataset.js";
import type { Job } from "../job.js";
import { datasetRoutes as routes } from "../routes/datasets.js";
import type { CallOptions, Transport } from "../transport.js";
import type { UploadFile } from "../upload.js";

export interface DatasetInput {
  name: string;
  files: UploadFile[];
  licence?: string;
  origin?: string;
  mlflowDigests?: string[];
  /** Whether the server keeps the bytes; it does unless told otherwise. */
  keep?: boolean;
}

/** Datasets, their versions, profiles and deletions. */
export interface DatasetClient {
  datasets: {
    list(query?: DatasetQuery, options?: CallOptions): Promise<Page<DatasetSummary>>;
    get(name: string, options?: CallOptions): Promise<DatasetDetail>;
    version(name: string, digest: string, options?: CallOptions): Promise<DatasetVersionDetail>;
    admit(input: DatasetInput, options?: CallOptions): Promise<Job>;
    refer(body: DatasetReferenceBody, options?: CallOptions): Promise<Job>;
    rollback(name: string, body: DatasetRollbackBody, options?: CallOptions): Promise<DatasetRollbackResult>;
    deleteSubject(name: string, reference: string, options?: CallOptions): Promise<Job>;
    deletions(name: string, options?: CallOptions): Promise<{ items: DatasetDeletion[] }>;
    proveDeletion(
      name: string,
      reference: string,
      options?: CallOptions,
    ): Promise<{ items: DatasetDeletion[] }>;
    expire(name: string, options?: CallOptions): Promise<{ items: DatasetDeletion[] }>;
    reportRead(name: string, body: DatasetReadBody, options?: CallOptions): Promise<DatasetAccess>;
  };
}

export function datasetCalls(http: Transport): DatasetClient {
  return {
    datasets: {
      list: (query, o) => http.call(routes.datasets, { query }, o),
      get: (name, o) => http.call(routes.dataset, { params: { name } }, o),
      version: (name, digest, o) => http.call(routes.datasetVersion, { params: { name, digest } }, o),
      admit: (input, o = {}) => admit(http, input, o),
      refer: (body, o) => http.call(routes.referDataset, { body }, o),
      rollback: (name, body, o) => http.call(routes.rollbackDataset, { params: { name }, body }, o),
      deleteSubject: (name, reference, o) =>
        http.call(routes.deleteSubject, { params: { name }, body: { reference } }, o),
      deletions: (name, o) => http.call(routes.datasetDeletions, { params: { name } }, o),
      proveDeletion: (name, reference, o) =>
        http.call(routes.proveDeletion, { params: { name }, body: { reference } }, o),
      expire: (name, o) => http.call(routes.expireDataset, { params: { name } }, o),
      reportRead: (name, body, o) => http.call(routes.reportRead, { params: { name }, body }, o),
    },
  };
}

async function admit(http: Transport, input: DatasetInput, options: CallOptions): Promise<Job> {
  const response = await http.send(http.url(routes.admitDataset.path), "POST", datasetForm(input), options);
  return (await response.json()) as Job;
}

/** Fields come before files, so that the server can refuse a bad name before it reads any bytes. */
function datasetForm({ name, files, licence, origin, mlflowDigests, keep }: DatasetInput): FormData {
  const form = new FormData();
  form.append("name", name);
  if (licence !== undefined) form.append("licence", licence);
  if (origin !== undefined) form.append("origin", origin);
  if (mlflowDigests !== undefined) form.append("mlflowDigests", mlflowDigests.join(","));
  if (keep !== undefined) form.append("keep", String(keep));
  for (const file of files) form.append("file", file.data, file.path);
  return form;
}

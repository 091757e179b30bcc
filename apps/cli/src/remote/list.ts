import { CountersignError } from "@countersign/evidence";
import { listHuggingFace } from "./huggingface.js";
import { listMlflow } from "./mlflow.js";
import type { RemoteFile, Surroundings } from "./remote.js";
import { probe } from "./request.js";
import { listS3 } from "./s3.js";

type Lister = (address: string, surroundings: Surroundings) => Promise<RemoteFile[]>;

const LISTERS: readonly (readonly [RegExp, Lister])[] = [
  [/^https?:\/\//i, listHttp],
  [/^hf:\/\//i, listHuggingFace],
  [/^s3:\/\//i, listS3],
  [/^(models|mlflow-artifacts):\//i, listMlflow],
];

export const isRemote = (path: string): boolean => LISTERS.some(([scheme]) => scheme.test(path));

/** The files that an address stands for. */
export async function listRemote(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const lister = LISTERS.find(([scheme]) => scheme.test(address))?.[1];
  if (lister === undefined) throw new CountersignError("usage", `${JSON.stringify(address)} is no address.`);
  const files = await lister(address, surroundings);
  if (files.length > 0) return files;
  throw new CountersignError("not-found", `There is no file at ${JSON.stringify(address)}.`);
}

async function listHttp(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const name = decodeURIComponent(new URL(address).pathname.split("/").at(-1) ?? "");
  return [await probe(address, {}, name === "" ? "index" : name, surroundings)];
}

import { CountersignError } from "@countersign/evidence";
import { hubAddress, listHuggingFace } from "./huggingface.js";
import { listMlflow } from "./mlflow.js";
import type { RemoteFile, Surroundings } from "./remote.js";
import { probe } from "./request.js";
import { listS3 } from "./s3.js";
import { SCHEMES } from "./schemes.js";

type Lister = (address: string, surroundings: Surroundings) => Promise<RemoteFile[]>;

const LISTERS: readonly (readonly [RegExp, Lister])[] = [
  [SCHEMES.http, listHttp],
  [SCHEMES.hub, listHuggingFace],
  [SCHEMES.s3, listS3],
  [SCHEMES.mlflow, listMlflow],
];

/** The files that an address stands for. */
export async function listRemote(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const lister = LISTERS.find(([scheme]) => scheme.test(address))?.[1];
  if (lister === undefined) throw new CountersignError("usage", `${JSON.stringify(address)} is no address.`);
  const files = await lister(address, surroundings);
  if (files.length > 0) return files;
  throw new CountersignError("not-found", `There is no file at ${JSON.stringify(address)}.`);
}

async function listHttp(address: string, surroundings: Surroundings): Promise<RemoteFile[]> {
  const page = hubAddress(address, surroundings.env);
  if (page !== undefined) return listHuggingFace(page, surroundings);
  const url = urlOf(address);
  const headers: Record<string, string> = {};
  if (url.username !== "" || url.password !== "") {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    [url.username, url.password] = ["", ""];
  }
  const name = nameOf(url);
  const advice = "put user:password@ into the address, or fetch the file yourself and scan that";
  return [await probe({ url: url.href, headers, path: name === "" ? "index" : name, advice }, surroundings)];
}

function urlOf(address: string): URL {
  try {
    return new URL(address);
  } catch (cause) {
    throw new CountersignError("usage", `${JSON.stringify(address)} is no address.`, { cause });
  }
}

function nameOf({ pathname }: URL): string {
  const last = pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

import type { Readable } from "node:stream";
import { integer, ProtocolError, parseArtifactPlace, records, text } from "@countersign/tracking";
import type { Endpoint, ProtocolContext } from "../mount.js";
import { requireRoot } from "./endpoints.js";

const MPU = "/mlflow-artifacts/mpu";
const SECRET = "x-countersign-upload";

/** Uploads in parts, as MLflow clients make them of large files. */
export const partEndpoints: Endpoint[] = [
  { method: "POST", path: `${MPU}/create/*`, scope: "write", act: create },
  // Clients send parts without their token; each upload has a secret of its own.
  { method: "PUT", path: `${MPU}/part/{id}/{number}`, scope: null, stream: true, act: putPart },
  { method: "POST", path: `${MPU}/complete/*`, scope: "write", act: complete },
  { method: "POST", path: `${MPU}/abort/*`, scope: "write", act: abort },
  { method: "GET", path: "/mlflow-artifacts/presigned/*", scope: "read", act: presigned },
];

async function create(context: ProtocolContext): Promise<object> {
  const { input, caller, services, request } = context;
  const place = placeOf(context);
  await requireRoot(context, place.root);
  const parts = integer(input, "num_parts");
  const { id, secret } = await services.uploads.create({ ...place, parts, principal: caller.principal });
  const scheme = services.addresses().secure ? "https" : "http";
  const base = `${scheme}://${request.headers.host}/api/2.0${MPU}/part/${id}`;
  const headers = { [SECRET]: secret };
  const credentials = Array.from({ length: parts }, (_, i) => ({
    url: `${base}/${i + 1}`,
    part_number: i + 1,
    headers,
  }));
  return { upload_id: id, credentials };
}

async function putPart({ params, request, reply, services }: ProtocolContext): Promise<object> {
  const secret = String(request.headers[SECRET] ?? "");
  const number = Number(params.number);
  const tag = await services.uploads.putPart(params.id ?? "", number, secret, request.body as Readable);
  reply.header("etag", `"${tag}"`);
  return {};
}

async function complete(context: ProtocolContext): Promise<object> {
  const { input, services } = context;
  const sent = records(input, "parts").map((part) => ({
    number: integer(part, "part_number"),
    etag: text(part, "etag"),
  }));
  await services.uploads.complete(text(input, "upload_id"), placeOf(context), sent);
  return {};
}

async function abort(context: ProtocolContext): Promise<object> {
  await context.services.uploads.abort(text(context.input, "upload_id"), placeOf(context));
  return {};
}

/** Clients fall back to downloading through us. */
async function presigned(): Promise<object> {
  throw new ProtocolError(
    "NOT_IMPLEMENTED",
    "There are no presigned downloads here: download through the server.",
  );
}

/** The path of the request names the directory; the file's name is the last part of the path on the client's machine. */
function placeOf({ params, input }: ProtocolContext): { root: string; path: string } {
  const name = text(input, "path").split(/[/\\]/).at(-1) ?? "";
  return parseArtifactPlace(`${params["*"] ?? ""}/${name}`);
}

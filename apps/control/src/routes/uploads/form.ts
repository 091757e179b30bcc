import type { Readable } from "node:stream";
import { AssetName } from "@countersign/api";
import { CountersignError, parseJson } from "@countersign/evidence";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Staging } from "./staging.js";

export interface UploadFields {
  name: string;
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
  signAs?: string;
}

const NAMES = new Set(["name", "licence", "origin", "tags", "signAs"]);
const MAX_FILES = 10_000;
const MAX_FIELD = 64 * 1024;
const TAGS = Type.Record(Type.String({ maxLength: 128 }), Type.String({ maxLength: 1024 }), {
  maxProperties: 64,
});
const MAX_TEXT = 1024;

export async function readUpload(
  request: FastifyRequest,
  staging: Staging,
  limit: number,
): Promise<UploadFields> {
  return checkFields(await readForm(request, staging, limit, NAMES));
}

/** Reads a multipart form: fields with one of the names into the answer, files into the staging, as they come. */
export async function readForm(
  request: FastifyRequest,
  staging: Staging,
  limit: number,
  names: ReadonlySet<string>,
): Promise<Record<string, string>> {
  if (!request.isMultipart()) {
    throw new CountersignError("unsupported-media-type", "send the files as multipart/form-data");
  }
  const fields: Record<string, string> = {};
  const limits = {
    fileSize: limit,
    files: MAX_FILES,
    fields: names.size,
    fieldSize: MAX_FIELD,
    parts: MAX_FILES + names.size,
  };
  // Names may lead into folders, and browsers write them in UTF-8.
  try {
    for await (const part of request.parts({
      limits,
      preservePath: true,
      defParamCharset: "utf8",
    } as never)) {
      if (part.type === "file") await takeFile(staging, part);
      else takeField(fields, names, part.fieldname, part.value);
    }
  } catch (error) {
    throw brokenForm(error) ?? error;
  }
  if (staging.files.length === 0) throw new CountersignError("manifest-empty", "the upload has no file");
  return fields;
}

/** The parser of forms throws bare errors where boundaries are missing, at the beginning, at the end or inside a file. */
function brokenForm(error: unknown): CountersignError | undefined {
  const text = error instanceof Error ? error.message : "";
  if (!/^Multipart: Boundary not found|unexpected end of multipart data$/i.test(text)) return undefined;
  return new CountersignError("bad-request", "the form breaks off, or its parts have no boundary", {
    cause: error,
  });
}

async function takeFile(
  staging: Staging,
  part: { filename: string; file: Readable & { truncated: boolean } },
): Promise<void> {
  await staging.add(part.filename, part.file);
  if (part.file.truncated) throw new CountersignError("payload-too-large", `${part.filename} is too large`);
}

function takeField(
  fields: Record<string, string>,
  names: ReadonlySet<string>,
  name: string,
  value: unknown,
): void {
  if (!names.has(name))
    throw new CountersignError("bad-request", `there is no field "${name.slice(0, 64)}" in an upload`);
  if (typeof value !== "string" || name in fields)
    throw new CountersignError("bad-request", `the field ${name} stands twice or is no text`);
  fields[name] = value;
}

function checkFields(fields: Record<string, string>): UploadFields {
  const { name = "", tags, ...rest } = fields;
  checkName(name);
  checkTexts(rest);
  return { name, ...rest, ...(tags === undefined ? {} : { tags: readTags(tags) }) };
}

export function checkName(name: string): void {
  if (Value.Check(AssetName, name)) return;
  throw new CountersignError(
    "bad-request",
    "the field name has 1 to 128 letters, digits and . _ @ / + -, and begins with no sign",
  );
}

export function checkTexts(fields: Record<string, string>): void {
  for (const [key, value] of Object.entries(fields)) {
    if (value.length > MAX_TEXT) throw new CountersignError("bad-request", `the field ${key} is too long`);
  }
}

function readTags(text: string): Record<string, string> {
  const value = parseJson(text);
  if (Value.Check(TAGS, value)) return value;
  throw new CountersignError("bad-request", "the field tags is a JSON object of short texts");
}

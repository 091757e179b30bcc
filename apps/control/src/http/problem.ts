import type { Problem } from "@countersign/api";
import { CountersignError, ERROR_TABLE, type ErrorCode, isErrorCode } from "@countersign/evidence";

/** What to do about a code, where the error itself does not say. */
const REMEDIES: Partial<Record<ErrorCode, string>> = {
  unauthorised: "Open the login link that `countersign up` printed, or send `Authorization: Bearer <token>`.",
  forbidden: "Use a token with a wider scope.",
  "host-refused": "Use the address that `countersign up` printed, or set COUNTERSIGN_PUBLIC_URL.",
  "idempotency-conflict": "Use a new Idempotency-Key for a new request.",
  "payload-too-large":
    "Raise COUNTERSIGN_UPLOAD_LIMIT or COUNTERSIGN_BODY_LIMIT, or admit the files with `countersign admit`.",
  "rate-limited": "Wait a minute, then try again.",
  "projection-mismatch": "countersign log audit",
  "object-tampered": "countersign log audit",
  "object-missing": "countersign log audit",
  "decision-stale": "Ask for a new decision.",
  "database-unavailable": "Check that PostgreSQL runs and that DATABASE_URL is right.",
  "disk-full": "Free some space, then try again.",
};

const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_CTP_BODY_TOO_LARGE: "payload-too-large",
  FST_ERR_CTP_EMPTY_JSON_BODY: "json-malformed",
  FST_ERR_CTP_INVALID_JSON_BODY: "json-malformed",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "bad-request",
  FST_ERR_VALIDATION: "bad-request",
  FST_REQ_FILE_TOO_LARGE: "payload-too-large",
  FST_PARTS_LIMIT: "payload-too-large",
  FST_FILES_LIMIT: "payload-too-large",
  FST_FIELDS_LIMIT: "payload-too-large",
  FST_INVALID_MULTIPART_CONTENT_TYPE: "unsupported-media-type",
  FST_ERR_BAD_URL: "bad-request",
  FST_ERR_ROUTE_MISSING_HANDLER: "not-found",
};

/** Of the file system, and of PostgreSQL. */
const DISK_FULL = /^(ENOSPC|EDQUOT|53100)$/;

/** What PostgreSQL answers to a NUL in a text, a number beyond its type, or text that is no number. */
const NOT_STORABLE = /^22(021|003|P02)$/;

/** PostgreSQL classes 08 (connection), 53 (resources), 57P (shutdown), and what a socket says when nobody is there. */
const DATABASE_FAULT = /^(08|53|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT)$/;

export function toProblem(error: unknown, requestId: string): Problem {
  const { code, detail, remedy, parameters } = describe(error);
  const entry = ERROR_TABLE[code];
  return {
    type: `https://countersign.dev/errors/${code}`,
    title: entry.title,
    status: entry.status,
    code,
    detail,
    requestId,
    ...(remedy === undefined ? {} : { remedy }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}

interface Description {
  code: ErrorCode;
  detail: string;
  remedy?: string | undefined;
  parameters?: Record<string, unknown> | undefined;
}

function describe(error: unknown): Description {
  if (error instanceof CountersignError) {
    const { code, message, detail } = error;
    // A fault inside may name paths of this machine: its text is for the log.
    if (code === "internal")
      return { code, detail: "Something went wrong inside; the server's log says what." };
    return { code, detail: message, remedy: REMEDIES[code], parameters: publicPart(detail) };
  }
  const code = codeOf(error);
  if (code === "internal")
    return { code, detail: "Something went wrong inside; the server's log says what." };
  if (code === "database-unavailable")
    return { code, detail: "The database does not answer.", remedy: REMEDIES[code] };
  if (code === "disk-full")
    return { code, detail: "There is no space left on the server's disk.", remedy: REMEDIES[code] };
  // The driver's own words quote the query.
  if (NOT_STORABLE.test(String(unwrap(error).code)))
    return { code, detail: "A value is out of range, or holds a character that cannot be kept (NUL)." };
  return { code, detail: error instanceof Error ? error.message : String(error), remedy: REMEDIES[code] };
}

/** Only plain values: a cause or a buffer is not for the outside. */
function publicPart(detail: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const plain = Object.entries(detail ?? {}).filter(([, value]) =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  return plain.length === 0 ? undefined : Object.fromEntries(plain);
}

function codeOf(error: unknown): ErrorCode {
  const fault = unwrap(error);
  const text = typeof fault.code === "string" ? fault.code : "";
  const known = FASTIFY_CODES[text];
  if (known) return known;
  if (isErrorCode(text)) return text;
  if (DISK_FULL.test(text)) return "disk-full";
  if (NOT_STORABLE.test(text)) return "bad-request";
  if (
    DATABASE_FAULT.test(text) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(fault.message ?? "")
  ) {
    return "database-unavailable";
  }
  if (fault.statusCode === 429) return "rate-limited";
  if (fault.statusCode === 413) return "payload-too-large";
  if (fault.statusCode === 415) return "unsupported-media-type";
  if (fault.statusCode !== undefined && fault.statusCode >= 400 && fault.statusCode < 500)
    return "bad-request";
  return "internal";
}

/** Drizzle wraps what the driver threw. */
function unwrap(error: unknown): { code?: unknown; statusCode?: number; message?: string } {
  const fault = (error ?? {}) as { code?: unknown; statusCode?: number; message?: string; cause?: unknown };
  return fault.code === undefined && fault.cause instanceof Error ? unwrap(fault.cause) : fault;
}

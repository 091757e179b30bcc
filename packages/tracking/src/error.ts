import { CountersignError, type ErrorCode } from "@countersign/evidence";

export type ProtocolCode =
  | "BAD_REQUEST"
  | "INVALID_PARAMETER_VALUE"
  | "RESOURCE_ALREADY_EXISTS"
  | "UNAUTHENTICATED"
  | "PERMISSION_DENIED"
  | "RESOURCE_DOES_NOT_EXIST"
  | "ENDPOINT_NOT_FOUND"
  | "RESOURCE_CONFLICT"
  | "INTERNAL_ERROR"
  | "NOT_IMPLEMENTED"
  | "TEMPORARILY_UNAVAILABLE";

/** MLflow's error codes with the HTTP status that its clients expect, and what they are among ours. */
const CODES: Record<ProtocolCode, { status: number; code: ErrorCode }> = {
  BAD_REQUEST: { status: 400, code: "bad-request" },
  INVALID_PARAMETER_VALUE: { status: 400, code: "bad-request" },
  RESOURCE_ALREADY_EXISTS: { status: 400, code: "conflict" },
  UNAUTHENTICATED: { status: 401, code: "unauthorised" },
  PERMISSION_DENIED: { status: 403, code: "forbidden" },
  RESOURCE_DOES_NOT_EXIST: { status: 404, code: "not-found" },
  ENDPOINT_NOT_FOUND: { status: 404, code: "not-found" },
  RESOURCE_CONFLICT: { status: 409, code: "conflict" },
  INTERNAL_ERROR: { status: 500, code: "internal" },
  NOT_IMPLEMENTED: { status: 501, code: "not-implemented" },
  TEMPORARILY_UNAVAILABLE: { status: 503, code: "database-unavailable" },
};

/** A fault that an MLflow client is told about in its own words. */
export class ProtocolError extends CountersignError {
  readonly errorCode: ProtocolCode;

  constructor(errorCode: ProtocolCode, message: string) {
    super(CODES[errorCode].code, message);
    this.name = "ProtocolError";
    this.errorCode = errorCode;
  }
}

export function protocolStatus(errorCode: ProtocolCode): number {
  return CODES[errorCode].status;
}

export function invalid(message: string): ProtocolError {
  return new ProtocolError("INVALID_PARAMETER_VALUE", message);
}

export function missing(message: string): ProtocolError {
  return new ProtocolError("RESOURCE_DOES_NOT_EXIST", message);
}

import { CountersignError, type ErrorCode } from "@countersign/evidence";

/** Codes of this room that the common table does not list yet. */
type OwnCode = "log-rolled-back";

export function fault(
  code: ErrorCode | OwnCode,
  message: string,
  detail?: Record<string, unknown>,
  cause?: unknown,
): CountersignError {
  return new CountersignError(code as ErrorCode, message, {
    ...(detail ? { detail } : {}),
    ...(cause ? { cause } : {}),
  });
}

import { CountersignError, type ErrorCode } from "@countersign/evidence";

export function fault(
  code: ErrorCode,
  message: string,
  detail?: Record<string, unknown>,
  cause?: unknown,
): CountersignError {
  return new CountersignError(code, message, {
    ...(detail ? { detail } : {}),
    ...(cause ? { cause } : {}),
  });
}

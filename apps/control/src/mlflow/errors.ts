import { type ProtocolCode, ProtocolError, protocolStatus } from "@countersign/tracking";
import type { FastifyReply, FastifyRequest } from "fastify";
import { toProblem } from "../http/problem.js";

interface ProtocolAnswer {
  status: number;
  body: { error_code: ProtocolCode; message: string };
}

/** Answers in MLflow's shape. A client tries again on 408, 429 and 5xx: what is refused for good is never one of them. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body } = describe(error, request.id);
  if (body.error_code === "INTERNAL_ERROR") request.log.error({ err: error }, "fault");
  if (status === 401) reply.header("www-authenticate", 'Basic realm="countersign"');
  return reply.code(status).type("application/json; charset=utf-8").send(body);
}

function describe(error: unknown, requestId: string): ProtocolAnswer {
  if (error instanceof ProtocolError) return answer(error.errorCode, error.message);
  const { status, code, detail, remedy } = toProblem(error, requestId);
  const message =
    remedy === undefined || detail.includes(remedy)
      ? detail
      : `${detail.replace(/[^.!?]$/, "$&.")} ${remedy}`;
  if (code === "internal") return answer("INTERNAL_ERROR", `${detail} Request ${requestId}.`);
  return answer(codeOf(status, code), message);
}

const DENIALS = new Set(["approval-needed", "decision-stale", "decision-denied"]);
const BY_STATUS: Record<number, ProtocolCode> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_DOES_NOT_EXIST",
  409: "RESOURCE_CONFLICT",
  421: "PERMISSION_DENIED",
  501: "NOT_IMPLEMENTED",
  503: "TEMPORARILY_UNAVAILABLE",
};

function codeOf(status: number, code: string): ProtocolCode {
  if (DENIALS.has(code)) return "PERMISSION_DENIED";
  return BY_STATUS[status] ?? (status >= 500 ? "INTERNAL_ERROR" : "INVALID_PARAMETER_VALUE");
}

function answer(code: ProtocolCode, message: string): ProtocolAnswer {
  return { status: protocolStatus(code), body: { error_code: code, message } };
}

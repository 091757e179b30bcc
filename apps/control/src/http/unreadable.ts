import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { CountersignError } from "@countersign/evidence";
import { toProblem } from "./problem.js";

interface ParserFault extends Error {
  code?: string;
}

/** What is no HTTP, or never ends, reaches no route: it is answered as every other refusal is, and the line is cut. */
export function refuseUnreadable(fault: ParserFault, socket: Socket): void {
  if (fault.code === "ECONNRESET" || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy(fault);
  const id = randomUUID();
  const problem = toProblem(named(fault), id);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    "content-type: application/problem+json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function named({ code }: ParserFault): CountersignError {
  if (code === "HPE_HEADER_OVERFLOW")
    return new CountersignError("payload-too-large", "the headers are longer than this server reads");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new CountersignError("bad-request", "the request did not arrive in time");
  return new CountersignError("bad-request", "this is not HTTP that this server reads");
}

import type { Problem } from "./common.js";

/** What the client throws: a problem that the server named, or `server-unreachable`. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.detail || problem.title, options);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
  }
}

/** Reads a problem from a response that was not a success, whatever stands in its body. */
export async function problemOf(response: { status: number; text(): Promise<string> }): Promise<Problem> {
  const text = await response.text().catch(() => "");
  return problemFrom(response.status, text);
}

export function problemFrom(status: number, text: string): Problem {
  const parsed = tryParse(text);
  if (isProblem(parsed)) return parsed;
  return {
    type: "about:blank",
    title: "The server answered with something unexpected",
    status,
    code: status >= 500 ? "internal" : "bad-request",
    detail: `status ${status}: ${text.slice(0, 200) || "no body"}`,
    requestId: "",
  };
}

export function unreachable(url: string, cause: unknown): ApiError {
  const detail = `${url} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`;
  const problem: Problem = {
    type: "about:blank",
    title: "The server cannot be reached",
    status: 502,
    code: "server-unreachable",
    detail,
    requestId: "",
    remedy: "countersign up",
  };
  return new ApiError(problem, { cause });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as Partial<Problem>;
  return typeof candidate.code === "string" && typeof candidate.detail === "string";
}

/** What a fault or a refusal means outside: the HTTP status, the exit status, and a title a person can read. */
export interface ErrorEntry {
  readonly status: number;
  /** 1 denied or found, 2 usage or tool error, 3 approval pending. */
  readonly exit: 1 | 2 | 3;
  readonly title: string;
}

// One line per code, in alphabetical order; docs/errors.md explains each (a test compares the two).
const table = {
  "approval-needed": { status: 409, exit: 3, title: "An approval is still needed" },
  "approval-refused": { status: 403, exit: 1, title: "This principal may not approve this" },
  "bad-request": { status: 400, exit: 2, title: "The request is malformed" },
  "bundle-malformed": { status: 422, exit: 1, title: "The signature bundle is malformed" },
  "bundle-unsupported": {
    status: 422,
    exit: 1,
    title: "The signature bundle is of a kind not supported here",
  },
  cancelled: { status: 409, exit: 2, title: "The work was cancelled" },
  "certificate-expired": { status: 422, exit: 1, title: "A certificate is outside its validity period" },
  "certificate-untrusted": {
    status: 422,
    exit: 1,
    title: "The certificate does not chain to a trusted root",
  },
  "certificate-usage": { status: 422, exit: 1, title: "The certificate may not sign code" },
  "clock-behind": { status: 503, exit: 2, title: "The clock runs behind the log" },
  "config-invalid": { status: 500, exit: 2, title: "The configuration is invalid" },
  conflict: { status: 409, exit: 2, title: "The request conflicts with the present state" },
  "database-unavailable": { status: 503, exit: 2, title: "The database cannot be reached" },
  "decision-denied": { status: 403, exit: 1, title: "Policy denies this" },
  "decision-stale": { status: 409, exit: 1, title: "Newer evidence came after the decision" },
  "digest-malformed": { status: 400, exit: 2, title: "The digest is malformed" },
  "directory-locked": { status: 409, exit: 2, title: "Another process holds the data directory" },
  "directory-missing": { status: 404, exit: 2, title: "There is no data directory here" },
  "disk-full": { status: 507, exit: 2, title: "The disk is full" },
  "document-invalid": { status: 422, exit: 2, title: "A document of the inventory is invalid" },
  "envelope-malformed": { status: 422, exit: 1, title: "The envelope is malformed" },
  "evidence-malformed": { status: 422, exit: 1, title: "The evidence file is malformed" },
  "fact-refused": { status: 422, exit: 1, title: "The statement does not count as a fact" },
  "file-changed": { status: 409, exit: 2, title: "A file changed while it was read" },
  "file-kind-refused": { status: 422, exit: 2, title: "Only regular files can be read" },
  "file-unreadable": { status: 422, exit: 2, title: "A file cannot be read" },
  forbidden: { status: 403, exit: 1, title: "This is not permitted" },
  "format-unsupported": { status: 422, exit: 2, title: "The data was written by another version" },
  "gate-unknown": { status: 400, exit: 2, title: "There is no such gate" },
  "host-refused": { status: 421, exit: 2, title: "The Host or Origin header is not one this server answers" },
  "idempotency-conflict": { status: 409, exit: 2, title: "The idempotency key was used for another request" },
  "identity-mismatch": { status: 422, exit: 1, title: "The certificate names another identity" },
  internal: { status: 500, exit: 2, title: "Something went wrong inside" },
  "job-lost": { status: 409, exit: 2, title: "The job's lease was lost" },
  "json-malformed": { status: 400, exit: 2, title: "The JSON is malformed" },
  "json-unrepresentable": { status: 400, exit: 2, title: "The value has no canonical JSON form" },
  "key-exists": { status: 409, exit: 2, title: "The key file exists already" },
  "key-malformed": { status: 400, exit: 2, title: "The key cannot be read" },
  "key-passphrase-needed": { status: 400, exit: 2, title: "The key is encrypted and needs its passphrase" },
  "key-passphrase-wrong": { status: 400, exit: 2, title: "The passphrase does not open the key" },
  "key-unknown": { status: 422, exit: 1, title: "No known key made this signature" },
  "key-unsupported": { status: 400, exit: 2, title: "The key is of a kind not supported here" },
  "lineage-malformed": { status: 422, exit: 2, title: "The lineage event is malformed" },
  "log-forked": { status: 500, exit: 1, title: "The log has two histories" },
  "log-not-found": { status: 404, exit: 2, title: "The log has no such entry" },
  "log-rolled-back": { status: 500, exit: 1, title: "A witness has seen more than the log holds" },
  "log-tampered": { status: 500, exit: 1, title: "The log does not match its checkpoint" },
  "log-truncated": { status: 500, exit: 1, title: "Entries that were acknowledged are missing" },
  "log-unavailable": { status: 503, exit: 2, title: "The log cannot be written" },
  "manifest-empty": { status: 422, exit: 2, title: "There is no file to name" },
  "manifest-malformed": { status: 422, exit: 1, title: "The manifest is malformed" },
  "method-not-allowed": { status: 405, exit: 2, title: "The method is not allowed here" },
  "model-mismatch": { status: 422, exit: 1, title: "The files are not the ones that were signed" },
  "name-not-utf8": { status: 422, exit: 2, title: "A file name is not valid UTF-8" },
  "not-acceptable": { status: 406, exit: 2, title: "No representation fits the Accept header" },
  "not-found": { status: 404, exit: 2, title: "There is no such thing" },
  "not-implemented": { status: 501, exit: 2, title: "This is not available" },
  "note-malformed": { status: 422, exit: 1, title: "The signed note is malformed" },
  "object-erased": { status: 410, exit: 1, title: "The evidence was erased" },
  "object-missing": { status: 500, exit: 1, title: "Evidence that the log names is missing" },
  "object-tampered": { status: 500, exit: 1, title: "Evidence does not match its digest" },
  "out-of-memory": { status: 503, exit: 2, title: "There is not enough memory" },
  "path-not-found": { status: 404, exit: 2, title: "There is nothing at this path" },
  "path-outside": { status: 422, exit: 2, title: "The path leads outside its directory" },
  "payload-too-large": { status: 413, exit: 2, title: "The request is too large" },
  "payload-type-unexpected": { status: 422, exit: 1, title: "The envelope holds another type of payload" },
  "policy-error": { status: 403, exit: 1, title: "A policy could not be evaluated, so the answer is no" },
  "policy-invalid": { status: 422, exit: 2, title: "A policy is invalid" },
  "policy-test-failed": { status: 422, exit: 1, title: "A policy test failed" },
  "predicate-unexpected": { status: 422, exit: 1, title: "The statement says something else" },
  "projection-mismatch": { status: 500, exit: 1, title: "The database disagrees with the log" },
  "proof-invalid": { status: 422, exit: 1, title: "The proof does not hold" },
  "rate-limited": { status: 429, exit: 2, title: "Too many requests" },
  "receipt-malformed": { status: 422, exit: 1, title: "The receipt is malformed" },
  "restore-behind": { status: 409, exit: 2, title: "The backup ends before the last known checkpoint" },
  "scan-failed": { status: 500, exit: 2, title: "The scan could not be done" },
  "scan-incomplete": { status: 422, exit: 1, title: "The scan could not read everything" },
  "server-unreachable": { status: 502, exit: 2, title: "The server cannot be reached" },
  "shutting-down": { status: 503, exit: 2, title: "The server is stopping" },
  "signature-invalid": { status: 422, exit: 1, title: "The signature does not verify" },
  "signature-missing": { status: 422, exit: 1, title: "There is no signature" },
  "signer-not-allowed": { status: 403, exit: 1, title: "The trust root does not allow this signer" },
  "statement-malformed": { status: 422, exit: 1, title: "The statement is malformed" },
  "symlink-refused": { status: 422, exit: 2, title: "Symbolic links are not followed" },
  "timestamp-invalid": { status: 422, exit: 1, title: "The time of signing is not proven" },
  "tlog-invalid": { status: 422, exit: 1, title: "The transparency log entry does not hold" },
  "too-complex": { status: 422, exit: 2, title: "The input exceeds a limit" },
  "trust-root-invalid": { status: 422, exit: 2, title: "The trust root is invalid" },
  unauthorised: { status: 401, exit: 2, title: "A valid token is needed" },
  "unsupported-media-type": { status: 415, exit: 2, title: "The media type is not supported" },
  "upgrade-needed": { status: 409, exit: 2, title: "The data directory needs an upgrade" },
  usage: { status: 400, exit: 2, title: "The command was used wrongly" },
  "verification-failed": { status: 422, exit: 1, title: "The evidence does not verify" },
  "witness-refused": { status: 502, exit: 2, title: "The witness refused the checkpoint" },
} as const;

export type ErrorCode = keyof typeof table;
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorEntry>> = table;

export interface FaultOptions {
  detail?: Record<string, unknown>;
  cause?: unknown;
}

/** The one fault of this project. Negative outcomes are values; this is for what should not have happened. */
export class CountersignError extends Error {
  readonly code: ErrorCode;
  readonly detail?: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CountersignError";
    this.code = code;
    if (options.detail) this.detail = options.detail;
  }
}

/** A negative outcome: a bad signature is a normal answer, not a fault. */
export interface Refusal {
  ok: false;
  code: string;
  reason: string;
}

export function refuse(code: ErrorCode, reason: string): Refusal {
  return { ok: false, code, reason };
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code);
}

/** Wraps an untyped fault of Node's file system, so that a full disk is told from an unreadable file. */
export function fileFault(
  path: string,
  cause: unknown,
  fallback: ErrorCode = "file-unreadable",
): CountersignError {
  if (cause instanceof CountersignError) return cause;
  const errno = (cause as NodeJS.ErrnoException).code ?? "";
  const code =
    errno === "ENOSPC" || errno === "EDQUOT" ? "disk-full" : errno === "ENOENT" ? "path-not-found" : fallback;
  return new CountersignError(code, `${path}: ${describe(errno, cause)}`, { detail: { path, errno }, cause });
}

function describe(errno: string, cause: unknown): string {
  const known: Record<string, string> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EEXIST: "something stands there already",
    ENOENT: "no such file or directory",
    ENOTDIR: "a part of the path is no directory",
    EROFS: "it lies on a disk that cannot be written to",
    ENOSPC: "no space left on the disk",
    EMFILE: "too many open files",
    EIO: "the disk could not read or write it",
    ELOOP: "a symbolic link stands in the way",
  };
  return known[errno] ?? (cause instanceof Error ? cause.message : String(cause));
}

/** Throws `cancelled` where the caller has given up. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new CountersignError("cancelled", "the work was cancelled", { cause: signal.reason });
}

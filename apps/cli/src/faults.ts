import {
  CountersignError,
  ERROR_TABLE,
  type ErrorCode,
  fileFault,
  isErrorCode,
} from "@countersign/evidence/errors";
import type { Io } from "./io.js";
import { wantsColour } from "./terminal/output.js";
import { type Safe, safe } from "./terminal/safe.js";
import { bold, red } from "./terminal/style.js";

const EXIT_CANCELLED = 130;
const AUDIT = "countersign log audit";

/** What to run next, for the codes where the answer does not depend on the verb. */
export const REMEDIES: Partial<Record<ErrorCode, string>> = {
  "approval-needed": "countersign approve SUBJECT --environment ENVIRONMENT",
  "clock-behind": "set the machine's clock (timedatectl status), then run the command again",
  "decision-stale": "countersign gate SUBJECT --gate promote --environment ENVIRONMENT",
  "digest-malformed": "countersign status   (lists names and digests)",
  "directory-locked": "stop the other process, or use it: --server http://127.0.0.1:8420",
  "directory-missing": "countersign admit PATH --name NAME   (makes the workspace)",
  "disk-full": "free some space (df -h), then run the command again",
  "file-changed": "run the command again once nothing writes to the files",
  "file-unreadable": "check the permissions (ls -l), then run the command again",
  "format-unsupported": "use the version of countersign that wrote it, or newer",
  "key-exists": "choose another name, or: countersign keys rotate NAME",
  "key-malformed": "countersign keys create NAME",
  "key-passphrase-needed": "add --passphrase-file FILE",
  "key-passphrase-wrong": "check the passphrase, then run the command again",
  "key-unknown": "countersign trust show   (lists the keys that count)",
  "log-forked": AUDIT,
  "log-rolled-back": "countersign restore --from BACKUP --data DIR",
  "log-tampered": AUDIT,
  "log-truncated": AUDIT,
  "manifest-empty": "name a directory that holds at least one file",
  "model-mismatch": "countersign sign PATH --key FILE   (if the new files are the right ones)",
  "name-not-utf8": "rename the file, then run the command again",
  "object-missing": AUDIT,
  "object-tampered": AUDIT,
  "policy-invalid": "countersign policy check DIR",
  "projection-mismatch": AUDIT,
  "restore-behind": "countersign restore --from NEWER-BACKUP --data DIR   (or add --new-origin)",
  "server-unreachable": "countersign up   (or correct --server)",
  "signer-not-allowed": "countersign trust allow PRINCIPAL --role ROLE --public-key FILE",
  "symlink-refused": "replace the link by the file it leads to, or name the target",
  unauthorised: "export COUNTERSIGN_TOKEN=...   (countersign up prints one)",
};

/** A fault, as two lines: what happened, and the command that would fix it. Returns the exit code. */
export function reportFault(io: Io, verb: string, cause: unknown): number {
  if (io.signal.aborted) return abortedExit(io);
  const fault = faultOf(cause);
  write(io, safe`${red("countersign:")} ${fault.message} (${fault.code})\n`);
  write(io, safe`  ${bold("fix:")} ${remedyFor(fault, verb)}\n`);
  if (io.env.COUNTERSIGN_DEBUG && cause instanceof Error) {
    for (const line of (cause.stack ?? "").split("\n")) write(io, safe`  ${line}\n`);
  }
  return ERROR_TABLE[fault.code].exit;
}

/** Ours as it is, a server's refusal by its code, anything else as a fault inside. */
function faultOf(cause: unknown): CountersignError {
  if (cause instanceof CountersignError) return cause;
  const { code, message, problem } = (cause ?? {}) as {
    code?: unknown;
    message?: unknown;
    problem?: { remedy?: string };
  };
  if (problem !== undefined && typeof code === "string" && isErrorCode(code)) {
    return new CountersignError(code, String(message), { cause, detail: { remedy: problem.remedy } });
  }
  return unexpected(cause);
}

function abortedExit(io: Io): number {
  const reason: unknown = io.signal.reason;
  if (reason === "SIGPIPE") return 141;
  if (reason === "SIGTERM") return 143;
  write(io, safe`${"countersign: cancelled; nothing was recorded that was not acknowledged"}\n`);
  return EXIT_CANCELLED;
}

// Own words first, then a command that the message names already, then what always helps for this code.
function remedyFor({ code, message, detail }: CountersignError, verb: string): string {
  const own = detail?.remedy;
  if (typeof own === "string" && own !== "") return own;
  const named = /`(countersign [^`]+)`/.exec(message)?.[1];
  const known = named ?? REMEDIES[code];
  // Who has just run it learns nothing from being told to.
  if (known === AUDIT && verb === "log audit") return "countersign restore --from BACKUP --data DIR";
  return known ?? `countersign ${verb === "" ? "" : `${verb} `}--help`;
}

function unexpected(cause: unknown): CountersignError {
  const { code, path } = (cause ?? {}) as { code?: unknown; path?: unknown };
  // What the file system refuses is for the user to mend, wherever it came up.
  if (typeof path === "string" && typeof code === "string") return fileFault(path, cause);
  if (code === "ENOSPC" || code === "EDQUOT") return fileFault("a file", cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CountersignError("internal", message || "something went wrong", {
    cause,
    detail: { remedy: "run again with COUNTERSIGN_DEBUG=1 and report what it prints" },
  });
}

function write(io: Io, text: Safe): void {
  io.stderr.write(wantsColour(io.stderr, io.env) ? text.text : text.plain);
}

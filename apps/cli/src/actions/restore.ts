import { resolve } from "node:path";
import { CountersignError } from "@countersign/evidence";
import { type AuditReport, openWorkspace } from "@countersign/workspace";
import { readCheckpoint } from "../checkpoint.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { copyWhole, requireFree, requireWorkspace } from "./copy.js";

interface Options {
  from: string;
  data: string;
  checkpoint?: string;
}

export async function restore(session: Session, options: Options): Promise<number> {
  const from = resolve(session.io.cwd, options.from);
  const to = resolve(session.io.cwd, options.data);
  requireWorkspace(from);
  requireFree(to);
  const known =
    options.checkpoint === undefined ? 0 : readCheckpoint(resolve(session.io.cwd, options.checkpoint)).size;
  const report = await copyWhole(from, to, async (copy) => {
    const audited = await audit(session, copy);
    requireWhole(audited, known);
    return audited;
  });
  present(session.output, { from, to, size: report.size, root: report.root }, () => {
    session.output.line(
      safe`restored ${report.size} log entries to ${to}; every entry and object was checked`,
    );
    if (options.checkpoint === undefined) {
      session.output.line(
        safe`  was anything recorded after this backup? then give --checkpoint, or two histories may meet`,
      );
    }
  });
  return 0;
}

async function audit(session: Session, directory: string): Promise<AuditReport> {
  const workspace = await openWorkspace({ directory, clock: session.io.clock });
  try {
    return await workspace.audit();
  } finally {
    await workspace.close();
  }
}

function requireWhole({ problems, size }: AuditReport, known: number): void {
  const [first] = problems;
  if (first) {
    throw new CountersignError("log-tampered", `the backup is not whole: ${first.where}: ${first.reason}`, {
      detail: { remedy: "use another backup" },
    });
  }
  if (size >= known) return;
  // Writing on from here would give entries that others have seen a second content: a fork.
  throw new CountersignError(
    "restore-behind",
    `the backup ends at entry ${size}, but the log had ${known} entries already`,
    {
      detail: { remedy: "use a newer backup" },
    },
  );
}

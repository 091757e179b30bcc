import { resolve } from "node:path";
import { backup as copy } from "@countersign/control";
import { workspaceDirectory } from "../place/directory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { requireWorkspace } from "./required.js";

interface Options {
  to: string;
  data?: string;
  databaseUrl?: string;
  keys: boolean;
}

/** Works on the directory of a local workspace as on that of a server, which may go on meanwhile. */
export async function backup(session: Session, options: Options): Promise<number> {
  const { io, output } = session;
  const directory = options.data === undefined ? workspaceDirectory(session) : resolve(io.cwd, options.data);
  const to = resolve(io.cwd, options.to);
  requireWorkspace(directory);
  const report = await copy({
    directory,
    to,
    keys: options.keys,
    databaseUrl: options.databaseUrl ?? (options.data === undefined ? "" : (io.env.DATABASE_URL ?? "")),
    postgresBinaries: io.env.COUNTERSIGN_POSTGRES ?? "",
    clock: io.clock,
  });
  present(output, { from: directory, to, ...report }, () => {
    output.line(safe`copied and checked ${counted(report.size, "log entry", "log entries")} to ${to}`);
    const rows = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
    output.line(
      safe`  database  ${counted(rows, "row", "rows")}, and ${counted(report.artifacts, "artifact", "artifacts")} of runs and models`,
    );
    output.line(safe`  not kept  ${report.notKept.join(", ")}`);
    const keys = options.keys
      ? "it holds private keys: keep it where only you can read it"
      : "it holds no private keys: restoring needs them from elsewhere";
    output.line(safe`  keys      ${keys}`);
  });
  return 0;
}

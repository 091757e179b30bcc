import { resolve } from "node:path";
import { restore as bringBack } from "@countersign/control";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";
import { readBytes } from "./read.js";
import { requireWorkspace } from "./required.js";

interface Options {
  from: string;
  data: string;
  checkpoint?: string;
  newOrigin?: boolean;
}

export async function restore(session: Session, options: Options): Promise<number> {
  const { io, output } = session;
  const from = resolve(io.cwd, options.from);
  const directory = resolve(io.cwd, options.data);
  requireWorkspace(from);
  const report = await bringBack({
    from,
    directory,
    clock: io.clock,
    newOrigin: options.newOrigin === true,
    ...(options.checkpoint === undefined ? {} : { known: readBytes(session, options.checkpoint) }),
  });
  present(output, { from, directory, ...report }, () => {
    output.line(
      safe`restored ${counted(report.size, "log entry", "log entries")} to ${directory}; all of it was checked`,
    );
    if (report.replaced !== null) {
      output.line(
        safe`  ${bold("new log")}  ${report.origin}: whoever pinned ${report.replaced} must pin this one`,
      );
    } else if (options.checkpoint === undefined) {
      output.line(
        safe`  was anything recorded after this backup? then give --checkpoint, or two histories may meet`,
      );
    }
  });
  return 0;
}

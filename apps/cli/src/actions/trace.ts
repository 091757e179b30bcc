import type { TraceQuery } from "@countersign/api";
import { clientOf } from "../place/server.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold } from "../terminal/style.js";
import { containCommand, drawPlan, drawTrace } from "../views/trace.js";
import { momentOf } from "./moment.js";

interface Options {
  up?: boolean;
  at?: string;
  column?: string;
  limit?: number;
}

export async function trace(session: Session, options: Options, subject: string): Promise<number> {
  const { up = false, column, limit } = options;
  const query: TraceQuery = {
    subject,
    direction: up ? "up" : "down",
    ...momentOf(options.at),
    ...(column === undefined ? {} : { column }),
    ...(limit === undefined ? {} : { limit }),
  };
  const found = await clientOf(session).trace(query, { signal: session.io.signal });
  present(session.output, found, () => {
    drawTrace(session, found);
    if (up) return;
    drawPlan(session, found.plan);
    const open = found.plan.versions.some(({ contained }) => !contained);
    if (open) session.output.line(safe`${bold("to contain it:")} ${containCommand(subject)} --dry-run`);
  });
  return 0;
}

import type { GraphQuery } from "@countersign/api";
import { clientOf } from "../place/server.js";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import { toDot, toMermaid } from "../views/picture.js";
import { momentOf } from "./moment.js";

interface Options {
  depth?: number;
  direction: "down" | "up" | "both";
  at?: string;
  limit?: number;
  all?: boolean;
}

export async function graph(session: Session, options: Options, subject?: string): Promise<number> {
  const { depth, direction, limit, all = false } = options;
  const query: GraphQuery = {
    direction,
    collapse: !all,
    ...momentOf(options.at),
    ...(subject === undefined ? {} : { focus: subject }),
    ...(depth === undefined ? {} : { depth }),
    ...(limit === undefined ? {} : { limit }),
  };
  const found = await clientOf(session).graph(query, { signal: session.io.signal });
  const { output, global } = session;
  if (global.output === "json") output.document(found);
  else output.raw(global.output === "mermaid" ? toMermaid(found) : toDot(found));
  if (found.truncated) output.warn(safe`countersign: there is more; raise --limit, or name a SUBJECT`);
  return 0;
}

import { resolve } from "node:path";
import { openWorkspace } from "@countersign/workspace";
import { workspaceDirectory } from "../place/directory.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { copyWhole, requireFree, requireWorkspace } from "./copy.js";

interface Options {
  to: string;
  data?: string;
}

export async function backup(session: Session, options: Options): Promise<number> {
  const from =
    options.data === undefined ? workspaceDirectory(session) : resolve(session.io.cwd, options.data);
  const to = resolve(session.io.cwd, options.to);
  requireWorkspace(from);
  requireFree(to);
  // Open while it is copied: its lock keeps every writer out, so that the copy is of one moment.
  const workspace = await openWorkspace({ directory: from, clock: session.io.clock });
  try {
    const checkpoint = new TextDecoder().decode(await workspace.log.checkpoint());
    await copyWhole(from, to, async () => {});
    const result = { from, to, size: workspace.size, checkpoint };
    present(session.output, result, () => {
      session.output.line(safe`copied ${from} to ${to}: ${workspace.size} log entries`);
      session.output.line(safe`  it holds private keys: keep it where only you can read it`);
    });
    return 0;
  } finally {
    await workspace.close();
  }
}

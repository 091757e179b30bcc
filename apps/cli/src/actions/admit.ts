import { basename, resolve } from "node:path";
import type { AdmitResult } from "@countersign/api";
import { atPlace } from "../place/open.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted, createProgress } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, yellow } from "../terminal/style.js";
import { decisionExit, drawDecision } from "../views/decision.js";
import { drawScan } from "../views/scan.js";
import { type DeclareOptions, declaredBy } from "./declared.js";

interface Options extends DeclareOptions {
  name?: string;
  key?: string;
  unsigned?: boolean;
  passphraseFile?: string;
}

export async function admit(session: Session, options: Options, given: string): Promise<number> {
  const path = resolve(session.io.cwd, given);
  const progress = createProgress(session.io, session.output.live);
  const result = await atPlace(session, true, async (place) => {
    const wantsKey = options.unsigned !== true && (options.key !== undefined || !session.global.server);
    const author = wantsKey ? await place.signer(options.key, "author", options.passphraseFile) : undefined;
    return place.admit({
      path,
      name: options.name ?? basename(path),
      ...declaredBy(options),
      ...(author === undefined ? {} : { author }),
      progress,
      signal: session.io.signal,
    });
  }).finally(() => progress.finish());
  present(session.output, result, () => draw(session, result));
  return decisionExit(result.decision);
}

function draw(session: Session, result: AdmitResult): void {
  drawScan(session, result.scan);
  const signed = result.signed ? "signed" : "not signed: it may not leave dev";
  session.output.line(
    safe`\n${bold(result.name)}  ${counted(result.manifest.files.length, "file")}, ${signed}`,
  );
  for (const warning of result.warnings ?? []) session.output.line(safe`${yellow("warning")}  ${warning}`);
  drawDecision(session, result.decision);
}

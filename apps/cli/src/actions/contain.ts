import type { Client, Containment } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { clientOf } from "../place/server.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { counted } from "../terminal/progress.js";
import { safe } from "../terminal/safe.js";
import { bold, green, red } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";
import { containCommand, drawPlan } from "../views/trace.js";

interface Options {
  reason?: string;
  dryRun?: boolean;
  only?: boolean;
  lift?: boolean;
  list?: boolean;
}

export async function contain(session: Session, options: Options, subject?: string): Promise<number> {
  if (options.list === true) return list(session, subject);
  const named = required(
    subject,
    "say what was found to be bad",
    "countersign contain Dataset:NAME --reason WHY",
  );
  if (options.lift === true)
    return lift(session, named, required(options.reason, "say why", liftCommand(named)));
  const { dryRun = false, only = false } = options;
  const command = containCommand(named, only);
  const reason = options.reason ?? (dryRun ? "not said yet" : undefined);
  const body = {
    subject: named,
    reason: required(reason, "say what is wrong", command),
    dryRun,
    ...(only ? { only } : {}),
  };
  const result = await clientOf(session).containments.create(body, { signal: session.io.signal });
  present(session.output, result, () => {
    drawPlan(session, result.plan);
    const { output } = session;
    if (dryRun) output.line(safe`${bold("nothing was contained yet:")} ${command}`);
    else if (result.entries.length === 0) output.line(safe`nothing new to contain`);
    else
      output.line(
        safe`${red("contained")} ${counted(result.entries.length, "version")}; every gate denies them. ${bold("to undo:")} ${liftCommand(named)}`,
      );
  });
  return 0;
}

async function lift(session: Session, subject: string, reason: string): Promise<number> {
  const client = clientOf(session);
  const found = await openAbout(client, session, subject);
  // A digest that contains nothing may name one containment by its envelope.
  const envelopes = found.length === 0 ? [subject] : found.map(({ envelope }) => envelope);
  const lifted: Containment[] = [];
  for (const envelope of envelopes) {
    lifted.push(await client.containments.lift(envelope, { reason }, { signal: session.io.signal }));
  }
  present(session.output, { lifted }, () =>
    session.output.line(safe`${green("lifted")} ${counted(lifted.length, "containment")}`),
  );
  return 0;
}

async function list(session: Session, subject: string | undefined): Promise<number> {
  const items = await openAbout(clientOf(session), session, subject);
  present(session.output, { items }, () => {
    if (items.length === 0) return session.output.line(safe`nothing is contained`);
    const rows = items.map(({ kind, name, artifact, causeLabel, reason, at }) => [
      `${kind} ${name}`.trim(),
      causeLabel,
      reason,
      new Date(at).toISOString(),
      artifact,
    ]);
    writeTable(session.io, ["contained", "because of", "reason", "since", "artifact"], rows);
  });
  return 0;
}

async function openAbout(
  client: Client,
  session: Session,
  subject: string | undefined,
): Promise<Containment[]> {
  const items: Containment[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Containment[]; nextCursor: string | null } = await client.containments.list(
      {
        open: true,
        limit: 200,
        ...(subject === undefined ? {} : { subject }),
        ...(cursor === null ? {} : { cursor }),
      },
      { signal: session.io.signal },
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

function required(value: string | undefined, message: string, remedy: string): string {
  if (value !== undefined && value !== "") return value;
  throw new CountersignError("usage", message, { detail: { remedy } });
}

const liftCommand = (subject: string): string =>
  `countersign contain ${shellWord(subject)} --lift --reason WHY`;

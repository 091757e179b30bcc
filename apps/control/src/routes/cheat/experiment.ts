import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CheatResult, Experiment } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import { type DecisionRecord, memoryProjection, openWorkspace, type Workspace } from "@countersign/workspace";
import type { Services } from "../../services.js";
import { TRICKS } from "./tricks.js";

interface Trial {
  experiment: Experiment;
  subject: string;
  principal: string;
  services: Services;
}

const COPIED = ["FORMAT", "keys", "log", "objects", "trust", "policies"];

const LARGEST = 100_000;

let running = 0;

/** Asks the gate, cheats on a copy of the whole data directory, asks again. The copy is thrown away. */
export async function runExperiment(trial: Trial): Promise<CheatResult> {
  // Each copies the data directory: one at a time.
  if (running > 0)
    throw new CountersignError("conflict", "another experiment is running; try again in a moment");
  running++;
  // Beside the keys that it copies, and swept by the next experiment if this one is killed.
  const experiments = join(trial.services.config.directory, "experiments");
  try {
    await rm(experiments, { recursive: true, force: true });
    await mkdir(experiments, { mode: 0o700 });
    const directory = await mkdtemp(join(experiments, "copy-"));
    await copyData(trial.services, directory);
    return await cheatIn(directory, trial);
  } finally {
    running--;
    await rm(experiments, { recursive: true, force: true });
  }
}

async function copyData({ config, workspace }: Services, directory: string): Promise<void> {
  if (workspace.size > LARGEST) {
    throw new CountersignError(
      "too-complex",
      `an experiment copies the whole record, and this one has ${workspace.size} entries`,
    );
  }
  // Makes everything that was acknowledged public in tiles, so that the copy is a whole log.
  await workspace.log.checkpoint();
  for (const name of COPIED) {
    await cp(join(config.directory, name), join(directory, name), { recursive: true, filter: notLock }).catch(
      (cause: NodeJS.ErrnoException) => {
        if (cause.code !== "ENOENT") throw cause;
      },
    );
  }
}

/** The copy must not look as if this process held it. */
function notLock(path: string): boolean {
  return !path.split(/[\\/]/).includes("lock");
}

async function cheatIn(
  directory: string,
  { experiment, subject, principal, services }: Trial,
): Promise<CheatResult> {
  const rows = memoryProjection();
  const open = () =>
    openWorkspace({
      directory,
      clock: services.clock,
      workspace: services.workspace.id,
      projection: rows,
      ...(services.config.policies ? { policies: services.config.policies } : {}),
    });
  const first = await open();
  const version = await first.version(subject);
  const question = askedOf(version.decisions, principal, version.artifact);
  // Only asked, never recorded: a copy that signed a checkpoint of its own would be a second history of the real log.
  const before = await first.preview(question);
  await first.close();
  const trick = TRICKS[experiment];
  const steps = await trick.apply({ directory, workspace: services.workspace.id, version, rows });
  const { after, audit } = await askAgain(open, question);
  // Cheating succeeds when a refusal turned into an allow.
  const held = after.outcome !== "allow" || before.outcome === "allow";
  return { experiment, title: trick.title, steps, before, after, audit, held };
}

type After = CheatResult["after"];
type Question = Parameters<Workspace["preview"]>[0];

/** A log that was touched may not even open: that is an answer too. */
async function askAgain(
  open: () => Promise<Workspace>,
  question: Question,
): Promise<Pick<CheatResult, "after" | "audit">> {
  let workspace: Workspace | undefined;
  try {
    workspace = await open();
    const after = await asked(workspace, question);
    return { after, audit: (await workspace.audit()).problems };
  } catch (error) {
    return { after: fault(error), audit: [] };
  } finally {
    await workspace?.close();
  }
}

/** The most telling question: the newest refusal, else what was last decided, else the gate into production. */
function askedOf(decisions: DecisionRecord[], principal: string, subject: string): Question {
  const newest = decisions.find(({ outcome }) => outcome !== "allow") ?? decisions[0];
  const { gate, environment } = newest ?? { gate: "promote" as const, environment: "production" };
  return { gate, environment, principal, subject };
}

async function asked(workspace: Workspace, question: Question): Promise<After> {
  try {
    const { outcome, reasons } = await workspace.preview(question);
    const [first] = reasons;
    return { outcome, code: first?.policy ?? outcome, reason: first?.reason ?? "" };
  } catch (error) {
    return fault(error);
  }
}

function fault(error: unknown): After {
  if (!(error instanceof CountersignError)) throw error;
  return { outcome: "fault", code: error.code, reason: error.message };
}

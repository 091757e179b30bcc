import { CountersignError } from "@countersign/evidence";
import { clientOf } from "../place/server.js";
import { shellWord } from "../place/subject.js";
import type { Session } from "../session.js";
import { present } from "../terminal/output.js";
import { safe } from "../terminal/safe.js";
import { bold, green, red, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";

interface Options {
  name?: string;
  environment?: string;
  region?: string;
  stopped?: boolean;
  alongside?: boolean;
}

export async function deployed(session: Session, options: Options, subject?: string): Promise<number> {
  if (subject === undefined) return list(session, options);
  const { name, environment, region, stopped = false, alongside = false } = options;
  if (name === undefined || environment === undefined) {
    throw new CountersignError("usage", "say under which name and where it runs", {
      detail: { remedy: `countersign deployed ${shellWord(subject)} --name NAME --environment production` },
    });
  }
  const found = await clientOf(session).deployments.report(
    {
      subject,
      name,
      environment,
      ...(region === undefined ? {} : { region }),
      state: stopped ? "stopped" : "running",
      alongside,
    },
    { signal: session.io.signal },
  );
  present(session.output, found, () => {
    const state = found.state === "running" ? green("running") : yellow("stopped");
    session.output.line(
      safe`${state} ${bold(found.name)} in ${found.environment}/${found.region} (entry ${found.index})`,
    );
    session.output.line(safe`  artifact  ${found.artifact} ${found.model}`);
    if (found.contained && found.state === "running")
      session.output.warn(safe`countersign: ${red("this version is contained")}: it should not run`);
  });
  return 0;
}

async function list(session: Session, { environment }: Options): Promise<number> {
  const { items } = await clientOf(session).deployments.list(
    { limit: 200, ...(environment === undefined ? {} : { environment }) },
    { signal: session.io.signal },
  );
  present(session.output, { items }, () => {
    if (items.length === 0) {
      return session.output.line(
        safe`nothing was reported: countersign deployed MODEL --name NAME --environment production`,
      );
    }
    const rows = items.map((item) => [
      item.name,
      `${item.environment}/${item.region}`,
      item.contained && item.state === "running" ? red("running, contained") : item.state,
      item.model,
      item.artifact,
    ]);
    writeTable(session.io, ["name", "where", "state", "model", "artifact"], rows);
  });
  return 0;
}

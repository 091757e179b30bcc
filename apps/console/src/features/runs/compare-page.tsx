import type { RunDetail } from "@countersign/api";
import { type ReactNode, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { routes } from "../../shared/routes.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty, Failure, Waiting } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { useRunsById } from "./api/get-runs.js";
import { sayValue } from "./columns.js";
import { CurvePanel } from "./curve-panel.js";
import { LookControls, useLook } from "./look.js";
import styles from "./runs.module.css";
import { statusOf } from "./status.js";

const MOST = 10;

export function ComparePage(): ReactNode {
  const [params] = useSearchParams();
  const ids = [...new Set((params.get("runs") ?? "").split(",").filter((id) => id !== ""))].slice(0, MOST);
  const asked = useRunsById(ids);
  const runs = asked.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const error = asked.find((run) => run.error !== null)?.error;
  return (
    <Page
      title={ids.length === 0 ? "Compare runs" : `Compare ${ids.length} runs`}
      lead={<Link href={routes.runs}>Choose other runs</Link>}
    >
      {error ? (
        <Failure error={error} />
      ) : ids.length === 0 ? (
        <Panel title="Nothing to compare" flush>
          <Empty title="Choose runs in the table of runs" />
        </Panel>
      ) : runs.length < ids.length ? (
        <Waiting rows={9} />
      ) : (
        <Compared runs={runs} />
      )}
    </Page>
  );
}

function Compared({ runs }: { runs: RunDetail[] }): ReactNode {
  const [look, setLook] = useLook();
  const metrics = union(runs.map((run) => run.metrics));
  const named = runs.map(({ id, name, status, stale }) => ({
    id,
    // Two runs may have one name.
    name: runs.filter((run) => run.name === name).length > 1 ? `${name} ${id.slice(0, 6)}` : name,
    live: status === "RUNNING" && !stale,
  }));
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return (
    <>
      <Differences
        title="Parameters"
        runs={runs}
        names={names}
        rows={union(runs.map((run) => run.parameters)).map((key) => [
          key,
          runs.map(({ parameters }) => parameters[key] ?? "–"),
        ])}
      />
      <Differences
        title="Newest metrics"
        runs={runs}
        names={names}
        rows={metrics.map((key) => [key, runs.map((run) => sayValue(run.metrics[key]?.value))])}
      />
      <section className={styles.stack} aria-label="Curves">
        <div className={styles.bar}>
          <h2>Curves</h2>
          <LookControls look={look} onChange={setLook} />
        </div>
        <div className={styles.curves}>
          {metrics.map((key) => (
            <CurvePanel
              key={key}
              of={key}
              runs={named.filter((_, at) => runs[at]?.metrics[key] !== undefined)}
              look={look}
            />
          ))}
        </div>
      </section>
    </>
  );
}

const union = (records: Record<string, unknown>[]): string[] =>
  [...new Set(records.flatMap(Object.keys))].sort();

interface DifferencesProps {
  title: string;
  runs: RunDetail[];
  names: Map<string, string>;
  rows: [string, string[]][];
}

/** One line for each name; what differs stands out, and what is the same can be left out. */
function Differences({ title, runs, names, rows }: DifferencesProps): ReactNode {
  const [all, setAll] = useState(false);
  const differs = (values: string[]): boolean => new Set(values).size > 1;
  const shown = all ? rows : rows.filter(([, values]) => differs(values));
  return (
    <Panel
      title={title}
      action={
        <label className={styles.check}>
          <input type="checkbox" checked={all} onChange={() => setAll(!all)} />
          Also what is the same
        </label>
      }
      flush
    >
      {shown.length === 0 ? (
        <Empty title={rows.length === 0 ? "None was logged" : "They are all the same"} />
      ) : (
        <Table
          caption={title}
          head={[
            "Name",
            ...runs.map((run) => (
              <span key={run.id} className={styles.runhead}>
                <Link href={routes.run(run.id)}>{names.get(run.id)}</Link>
                <Pill tone={statusOf(run).tone}>{statusOf(run).word}</Pill>
              </span>
            )),
          ]}
        >
          {shown.map(([key, values]) => (
            <tr key={key}>
              <td>{key}</td>
              {values.map((value, at) => (
                <td key={runs[at]?.id} className={all && differs(values) ? styles.differs : undefined}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

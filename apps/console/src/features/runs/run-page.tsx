import type { RunDetail } from "@countersign/api";
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Copy } from "../../shared/ui/copy.js";
import { Facts } from "../../shared/ui/facts.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { useRun } from "./api/get-runs.js";
import { Artifacts } from "./artifacts.js";
import { duration } from "./chart.js";
import { CurvePanel } from "./curve-panel.js";
import { LookControls, useLook } from "./look.js";
import { Pairs } from "./pairs.js";
import { SignedRecord } from "./record.js";
import styles from "./runs.module.css";
import { lasted, statusOf } from "./status.js";

export function RunPage({ id }: { id: string }): ReactNode {
  const run = useRun(id);
  const status = run.data === undefined ? undefined : statusOf(run.data);
  return (
    <Page
      title={run.data?.name || "Run"}
      badge={
        status && (
          <Pill tone={status.tone} large>
            {status.word}
          </Pill>
        )
      }
      lead={
        <span className={styles.lead}>
          <Link href={routes.runs}>Runs</Link>
          {run.data && (
            <Link href={`${routes.runs}?experiment=${run.data.experiment}`}>{run.data.experimentName}</Link>
          )}
          <span className={styles.id}>
            <code>{id}</code>
            <Copy value={id} what="run id" />
          </span>
        </span>
      }
      action={
        <Button
          variant="default"
          renderRoot={(props) => <Link {...props} href={routes.lineageOf(`run:${id}`)} />}
        >
          Lineage
        </Button>
      }
    >
      <Loaded of={run} rows={9}>
        {(data) => (
          <>
            <div className={styles.three}>
              <About run={data} />
              <Pairs
                title="Parameters"
                none="No parameter was logged"
                rows={Object.entries(data.parameters)}
              />
            </div>
            <SignedRecord run={data} />
            <Curves run={data} />
            <Artifacts run={id} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Tags that MLflow clients set by themselves. */
const SOURCE = "mlflow.source.name";
const COMMIT = "mlflow.source.git.commit";

function About({ run }: { run: RunDetail }): ReactNode {
  const seconds = lasted(run);
  const tags = Object.entries(run.tags).filter(([name]) => !name.startsWith("mlflow."));
  const rows: [string, ReactNode][] = [
    ["Started", run.startedAt === null ? "–" : <Time key="at" at={run.startedAt} />],
    ["Took", seconds === undefined ? "–" : duration(seconds)],
    [
      "By",
      run.user === "" || run.user === run.principal
        ? run.principal
        : `${run.user}, with ${run.principal}’s token`,
    ],
  ];
  if (run.tags[SOURCE] !== undefined) rows.push(["Code", run.tags[SOURCE]]);
  if (run.tags[COMMIT] !== undefined)
    rows.push(["Commit", <code key="commit">{run.tags[COMMIT].slice(0, 12)}</code>]);
  if (tags.length > 0) rows.push(["Tags", tags.map(([name, value]) => `${name}: ${value}`).join(", ")]);
  if (run.children.length > 0)
    rows.push([
      "Started runs",
      <span key="children" className={styles.lead}>
        {run.children.slice(0, 6).map((child) => (
          <Link key={child} href={routes.run(child)}>
            {child.slice(0, 8)}
          </Link>
        ))}
        {run.children.length > 6 && `and ${run.children.length - 6} more`}
      </span>,
    ]);
  return (
    <Panel title="About">
      <Facts rows={rows} />
    </Panel>
  );
}

const FEW = 8;

function Curves({ run }: { run: RunDetail }): ReactNode {
  const [look, setLook] = useLook();
  const [all, setAll] = useState(false);
  const metrics = Object.keys(run.metrics).sort();
  const shown = all ? metrics : metrics.slice(0, FEW);
  const self = [{ id: run.id, name: run.name, live: run.status === "RUNNING" && !run.stale }];
  if (metrics.length === 0) {
    return (
      <Panel title="Metrics" flush>
        <Empty title="No metric was logged" />
      </Panel>
    );
  }
  return (
    <section className={styles.stack} aria-label="Metrics">
      <div className={styles.bar}>
        <h2>Metrics</h2>
        <LookControls look={look} onChange={setLook} />
      </div>
      <div className={styles.curves}>
        {shown.map((key) => (
          <CurvePanel key={key} of={key} runs={self} look={look} />
        ))}
      </div>
      {shown.length < metrics.length && (
        <div>
          <Button size="xs" variant="default" onClick={() => setAll(true)}>
            Show all {metrics.length} metrics
          </Button>
        </div>
      )}
    </section>
  );
}

import type { Trace } from "@countersign/api";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { SubjectPicker } from "../../shared/graph/subject-picker.js";
import { routes } from "../../shared/routes.js";
import { Command } from "../../shared/ui/command.js";
import { count, quote } from "../../shared/ui/format.js";
import { Notice } from "../../shared/ui/notice.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { useTrace } from "./api/trace.js";
import { Containments } from "./containments.js";
import { Plan } from "./plan.js";
import { Story } from "./story.js";
import styles from "./trace.module.css";

export function TracePage(): ReactNode {
  const [params, setParams] = useSearchParams();
  const subject = params.get("subject") ?? "";
  const trace = useTrace(subject);
  const origin = trace.data?.origin;
  return (
    <Page
      title="Trace"
      lead="Something turns out to be bad. What did it reach, what runs on it now, and how to stop it."
      action={
        subject !== "" && (
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} href={`${routes.lineageOf(subject)}&way=down`} />}
          >
            See it in the lineage
          </Button>
        )
      }
    >
      <div className={styles.pick}>
        <SubjectPicker
          label="What is bad?"
          value={origin?.label || origin?.name || subject}
          onPick={(value) => setParams({ subject: value })}
        />
      </div>
      {subject === "" ? (
        <>
          <Panel title="Choose what to trace" flush>
            <Empty title="A dataset, a version of one, a model, a vendor: anything in the lineage">
              Search by name, or paste a digest.
            </Empty>
          </Panel>
          <Containments subject="" />
        </>
      ) : (
        <Loaded of={trace} rows={9}>
          {(data) => <Reached trace={data} subject={subject} />}
        </Loaded>
      )}
    </Page>
  );
}

/** A key of the graph as the command line says it: `Dataset:applications`, and a model by its bare name. */
const spoken = (subject: string): string => {
  const [, kind, name] = /^asset:(\w+)\/(.+)$/.exec(subject) ?? [];
  if (kind === undefined || name === undefined) return subject;
  return kind === "Model" ? name : `${kind}:${name}`;
};

function Reached({ trace, subject }: { trace: Trace; subject: string }): ReactNode {
  const reached = trace.nodes.length - 1;
  return (
    <>
      {trace.truncated && (
        <Notice tone="bad" title="This is not all of it" role="alert">
          It reached more than {count(reached, "node")}, and the rest is cut off here. The command shows
          everything.
        </Notice>
      )}
      <Panel
        title={reached <= 0 ? "It reached nothing" : `It reached ${count(reached, "node")}`}
        note="In the order in which harm spreads, from the signed record."
      >
        {reached <= 0 ? (
          <Empty title="Nothing was made from it, and nothing runs on it, as far as the record knows" />
        ) : (
          <Story trace={trace} />
        )}
      </Panel>
      {reached > 0 && <Plan trace={trace} subject={subject} />}
      <Containments subject={subject} />
      <Panel title="The same on the command line">
        <Command>{`countersign trace ${quote(spoken(subject))} --down`}</Command>
      </Panel>
    </>
  );
}

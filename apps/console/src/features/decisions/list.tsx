import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { topic } from "../../shared/ui/decisions.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Prose } from "../../shared/ui/prose.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import { outcome } from "../../shared/ui/tone.js";
import { useDecisions } from "./api/get-decisions.js";
import styles from "./decisions.module.css";

export function DecisionsPage(): ReactNode {
  const decisions = useDecisions();
  return (
    <Page title="Decisions" lead="What policy said, newest first. Each one is signed and on the record.">
      <Panel title="All decisions" flush>
        <Loaded of={decisions} rows={8}>
          {({ pages }) => <Rows items={pages.flatMap(({ items }) => items)} />}
        </Loaded>
        {decisions.hasNextPage && (
          <div className={styles.more}>
            <Button
              size="xs"
              variant="default"
              loading={decisions.isFetchingNextPage}
              onClick={() => void decisions.fetchNextPage()}
            >
              Show more
            </Button>
          </div>
        )}
      </Panel>
    </Page>
  );
}

type Items = NonNullable<ReturnType<typeof useDecisions>["data"]>["pages"][number]["items"];

function Rows({ items }: { items: Items }): ReactNode {
  if (items.length === 0)
    return <Empty title="No decision yet">Admit a model: the ingest gate decides first.</Empty>;
  return (
    <Table caption="Decisions" head={["Decided", "Model", "Question", "Answer", "Because"]}>
      {items.map((decision) => {
        const said = outcome(decision.outcome);
        return (
          <tr key={decision.id}>
            <td>
              <Link href={routes.decision(decision.id)}>
                <Time at={decision.at} />
              </Link>
            </td>
            <td>
              <Link href={routes.version(decision.artifact)}>{decision.name}</Link>
            </td>
            <td>{topic(decision)}</td>
            <td>
              <Pill tone={said.tone}>{said.word}</Pill>
            </td>
            <td className={styles.because}>
              <Prose>{decision.reasons[0]?.reason ?? "Every rule is satisfied."}</Prose>
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

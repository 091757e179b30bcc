import type { RunQuery } from "@countersign/api";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { usePutParams } from "../../shared/search-params.js";
import { Page } from "../../shared/ui/page.js";
import { Experiments } from "./experiments.js";
import { RunsPanel } from "./panel.js";
import styles from "./runs.module.css";

export function RunsPage(): ReactNode {
  const [params] = useSearchParams();
  const [experiment, filter, order] = [params.get("experiment"), params.get("filter"), params.get("order")];
  const query: RunQuery = {
    ...(experiment ? { experiment } : {}),
    ...(filter ? { filter } : {}),
    ...(order ? { order } : {}),
  };
  const put = usePutParams();
  return (
    <Page
      title="Runs"
      lead="Trainings as MLflow clients logged them, with what went in and what came out. Point a client here and it appears."
    >
      <div className={styles.two}>
        <Experiments chosen={experiment ?? ""} onChoose={(id) => put({ experiment: id })} />
        <RunsPanel query={query} put={put} />
      </div>
    </Page>
  );
}

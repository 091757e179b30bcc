import type { ReactNode } from "react";
import { Admit } from "../features/admit/admit.js";
import { LogHealth } from "../features/log/health.js";
import { Story } from "../features/overview/story.js";
import { useOverview } from "../shared/api/get-overview.js";
import { Notice } from "../shared/ui/notice.js";
import { Page } from "../shared/ui/page.js";
import { Loaded } from "../shared/ui/state.js";
import styles from "./overview.module.css";

export function OverviewPage(): ReactNode {
  const overview = useOverview();
  return (
    <Page title="Overview" lead="What may run, what may not, and what waits for a person.">
      <Admit />
      {typeof overview.data?.exampleJob === "string" && (
        <Notice tone="info" title="Loading the example workspace" role="status">
          Three small models are being admitted. They appear below as they are decided.
        </Notice>
      )}
      <Loaded of={overview} rows={7}>
        {(data) => (
          <div className={styles.stack}>
            <Story overview={data} />
            <LogHealth />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

import type { VersionDetail } from "@countersign/api";
import { Button, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useVersion } from "../../shared/api/get-version.js";
import { routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Loaded } from "../../shared/ui/state.js";
import { outcome } from "../../shared/ui/tone.js";
import { Attestations } from "./attestations.js";
import { Decisions } from "./decisions.js";
import { Environments } from "./environments.js";
import { Files } from "./files.js";
import { Findings } from "./findings.js";
import { PathPicture } from "./path-picture.js";
import { newest } from "./standing.js";
import { Timeline } from "./timeline.js";
import styles from "./version.module.css";

export function VersionPage({ subject }: { subject: string }): ReactNode {
  const version = useVersion(subject);
  const decision = newest(version.data?.decisions ?? []);
  const said = outcome(decision?.outcome ?? "");
  const of = version.data?.artifact ?? subject;
  return (
    <Page
      title={version.data?.name ?? "Model"}
      badge={
        decision && (
          <Pill tone={said.tone} large>
            {said.word}
          </Pill>
        )
      }
      lead={
        <span className={styles.lead}>
          <Link href={routes.versions}>Models</Link>
          {version.data && <Digest value={version.data.artifact} length={24} />}
        </span>
      }
      action={
        <div className={styles.acts}>
          <Button variant="default" renderRoot={(props) => <Link {...props} href={routes.lineageOf(of)} />}>
            Lineage
          </Button>
          <Button variant="default" renderRoot={(props) => <Link {...props} href={routes.traceOf(of)} />}>
            What did it reach?
          </Button>
        </div>
      }
    >
      <Loaded of={version} rows={8}>
        {(data) => (
          <>
            <Panel title="From bytes to decision">
              <PathPicture version={data} />
            </Panel>
            <Sections version={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const findingsOf = (version: VersionDetail): number =>
  (version.scan?.files ?? []).reduce((sum, { findings }) => sum + findings.length, 0);

function Sections({ version }: { version: VersionDetail }): ReactNode {
  const [params, setParams] = useSearchParams();
  const [location] = useLocation();
  const tabs = [
    {
      key: "decisions",
      label: "Decisions",
      count: version.decisions.length,
      body: <Decisions version={version} />,
    },
    { key: "findings", label: "Findings", count: findingsOf(version), body: <Findings version={version} /> },
    {
      key: "files",
      label: "Files",
      count: version.manifest?.files.length ?? 0,
      body: <Files version={version} />,
    },
    { key: "facts", label: "Facts", count: version.entries.length, body: <Timeline version={version} /> },
    {
      key: "attestations",
      label: "Attestations",
      count: version.entries.length,
      body: <Attestations version={version} />,
    },
    {
      key: "environments",
      label: "Environments",
      count: version.environments.length,
      body: <Environments version={version} />,
    },
  ];
  const chosen = params.get("tab") ?? "";
  const value = tabs.some(({ key }) => key === chosen) ? chosen : "decisions";
  return (
    <Tabs
      key={location}
      value={value}
      onChange={(tab) => setParams({ tab: tab ?? "decisions" }, { replace: true })}
      keepMounted={false}
      className={styles.tabs}
    >
      <Tabs.List aria-label="What is known about this version" className={styles.list}>
        {tabs.map(({ key, label, count }) => (
          <Tabs.Tab key={key} value={key}>
            {label} <span className={styles.count}>{count}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ key, body }) => (
        <Tabs.Panel key={key} value={key} pt="md">
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

import type { VersionSummary } from "@countersign/api";
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { type ReactNode, useRef, useState } from "react";
import { Link } from "wouter";
import { useVersions } from "../../shared/api/get-versions.js";
import { routes } from "../../shared/routes.js";
import { topic } from "../../shared/ui/decisions.js";
import { Digest } from "../../shared/ui/digest.js";
import { IconSearch } from "../../shared/ui/icons.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import { outcome } from "../../shared/ui/tone.js";
import styles from "./list.module.css";
import { newest } from "./standing.js";

export function VersionsPage(): ReactNode {
  const [text, setText] = useState("");
  const [query] = useDebouncedValue(text.trim(), 200);
  const versions = useVersions(query);
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => search.current?.focus()]]);
  return (
    <Page
      title="Models"
      lead="Every version that was named here, by the digest of its bytes."
      action={
        <TextInput
          ref={search}
          type="search"
          aria-label="Search models by name or digest"
          placeholder="Name or digest, press /"
          leftSection={<IconSearch size={15} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className={styles.search}
        />
      }
    >
      <Panel title="Versions" flush>
        <div className={styles.rows} aria-live="polite">
          <Loaded of={versions} rows={6}>
            {({ pages }) => <Rows items={pages.flatMap(({ items }) => items)} query={query} />}
          </Loaded>
        </div>
        {versions.hasNextPage && (
          <div className={styles.more}>
            <Button
              size="xs"
              variant="default"
              loading={versions.isFetchingNextPage}
              onClick={() => void versions.fetchNextPage()}
            >
              Show more
            </Button>
          </div>
        )}
      </Panel>
    </Page>
  );
}

function Rows({ items, query }: { items: VersionSummary[]; query: string }): ReactNode {
  if (items.length === 0) {
    return query === "" ? (
      <Empty title="No model yet">
        <Link href={routes.overview}>Drop one on the overview</Link>
      </Empty>
    ) : (
      <Empty title={`Nothing matches “${query}”`}>Search looks at names and at digests.</Empty>
    );
  }
  return (
    <Table caption="Versions" head={["Model", "Digest", "Newest decision", "Runs in", "Admitted"]}>
      {items.map((version) => (
        <tr key={`${version.name} ${version.artifact}`}>
          <td>
            <Link href={routes.version(version.artifact)} className={styles.name}>
              {version.name}
            </Link>
          </td>
          <td>
            <Digest value={version.artifact} />
          </td>
          <td>
            <Standing version={version} />
          </td>
          <td>{version.environments.join(", ") || "–"}</td>
          <td>
            <Time at={version.at} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Standing({ version }: { version: VersionSummary }): ReactNode {
  const decision = newest(version.decisions);
  if (decision === undefined) return "–";
  const said = outcome(decision.outcome);
  return (
    <span className={styles.standing}>
      <Pill tone={said.tone}>{said.word}</Pill>
      <span>{topic(decision)}</span>
    </span>
  );
}

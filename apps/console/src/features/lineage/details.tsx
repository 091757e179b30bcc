import type { GraphNode } from "@countersign/api";
import { ActionIcon, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { nodeName, nodeStatus, nodeWords } from "../../shared/graph/words.js";
import { pageOf, routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { Facts } from "../../shared/ui/facts.js";
import { count } from "../../shared/ui/format.js";
import { IconCross } from "../../shared/ui/icons.js";
import { Pill } from "../../shared/ui/pill.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./lineage.module.css";
import type { Path } from "./path.js";

interface DetailsProps {
  node: GraphNode;
  /** Columns of it that events told the source of. */
  flows: [string, string[]][];
  path: Path;
  focused: boolean;
  onFocus(): void;
  onClose(): void;
}

/** What is known about the selected node, and where to go from it. */
export function Details({ node, flows, path, focused, onFocus, onClose }: DetailsProps): ReactNode {
  const page = pageOf(node);
  const status = node.status === undefined ? undefined : nodeStatus(node.status);
  const rows: [string, ReactNode][] = [
    ["Is", nodeWords(node)],
    ["First seen", <Time key="at" at={node.at} />],
    ["Came from", count(path.up.size, "node")],
    ["Reached", count(path.down.size, "node")],
  ];
  if (node.type === "version") rows.splice(1, 0, ["Digest", <Digest key="digest" value={node.key} />]);
  if (node.environment !== undefined)
    rows.push(["Runs in", [node.environment, node.region].filter(Boolean).join(", ")]);
  if (node.owner !== undefined && node.owner !== "") rows.push(["Owner", node.owner]);
  return (
    <aside className={styles.details} aria-label={`Selected: ${nodeName(node)}`}>
      <div className={styles.headline}>
        <h2>{nodeName(node)}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label="Clear the selection"
          onClick={onClose}
        >
          <IconCross />
        </ActionIcon>
      </div>
      {status !== undefined && (
        <div>
          <Pill tone={status.tone}>{status.word}</Pill>
        </div>
      )}
      <Facts rows={rows} />
      {flows.length > 0 && (
        <details className={styles.flows}>
          <summary>{count(flows.length, "column")} with a known source</summary>
          <ul>
            {flows.map(([column, sources]) => (
              <li key={column}>
                <code>{column}</code> <small>from {sources.join(", ")}</small>
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className={styles.acts}>
        {page !== undefined && (
          <Button size="xs" variant="default" renderRoot={(props) => <Link {...props} href={page} />}>
            Open
          </Button>
        )}
        {!focused && (
          <Button size="xs" variant="default" onClick={onFocus}>
            Focus here
          </Button>
        )}
        {path.down.size > 0 && (
          <Button
            size="xs"
            variant="default"
            renderRoot={(props) => <Link {...props} href={routes.traceOf(node.key)} />}
          >
            What did it reach?
          </Button>
        )}
      </div>
    </aside>
  );
}

import type { GraphNode } from "@countersign/api";
import { type ReactNode, useMemo } from "react";
import { Link, useLocation } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { type Net, neighboursOf } from "../../shared/graph/reach.js";
import { nodeName, nodeStatus, nodeWords } from "../../shared/graph/words.js";
import { pageOf, routes } from "../../shared/routes.js";
import { Pill } from "../../shared/ui/pill.js";
import type { Column } from "../../shared/ui/rows/row.js";
import { Rows } from "../../shared/ui/rows/rows.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./lineage.module.css";

const NAMES = 2;

const columnsOf = (graph: Net): Column<GraphNode>[] => {
  const { into, out } = neighboursOf(graph.edges);
  const labels = new Map(graph.nodes.map((node) => [node.key, nodeName(node)]));
  const some = (keys: string[] = []): string => {
    const named = keys.slice(0, NAMES).map((key) => labels.get(key) ?? key);
    const more = keys.length - named.length;
    return named.length === 0 ? "–" : `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  };
  return [
    {
      key: "name",
      head: "Name",
      width: "minmax(0, 2fr)",
      cell: (node) => (
        <span className={styles.cells}>
          <KindIcon type={node.type} kind={node.kind} />
          <Link href={pageOf(node) ?? routes.lineageOf(node.key)} tabIndex={-1}>
            {nodeName(node)}
          </Link>
        </span>
      ),
    },
    { key: "is", head: "Is", width: "minmax(0, 1.3fr)", cell: nodeWords },
    {
      key: "from",
      head: "Comes from",
      width: "minmax(0, 2fr)",
      wide: true,
      cell: ({ key }) => some(into.get(key)),
    },
    {
      key: "to",
      head: "Leads to",
      width: "minmax(0, 2fr)",
      wide: true,
      cell: ({ key }) => some(out.get(key)),
    },
    {
      key: "status",
      head: "Status",
      width: "120px",
      wide: true,
      cell: ({ status }) =>
        status === undefined ? "–" : <Pill tone={nodeStatus(status).tone}>{nodeStatus(status).word}</Pill>,
    },
    { key: "at", head: "First seen", width: "110px", wide: true, cell: ({ at }) => <Time at={at} /> },
  ];
};

/** The same graph in words, for those who cannot or would rather not see a picture. */
export function NodeTable({ graph }: { graph: Net }): ReactNode {
  const [, go] = useLocation();
  const columns = useMemo(() => columnsOf(graph), [graph]);
  return (
    <Rows
      label="Nodes of the lineage graph"
      columns={columns}
      count={graph.nodes.length}
      row={(index) => graph.nodes[index]}
      onOpen={(node) => go(pageOf(node) ?? routes.lineageOf(node.key))}
      above={330}
    />
  );
}

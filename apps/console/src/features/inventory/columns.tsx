import type { AssetSummary } from "@countersign/api";
import { Link } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { routes } from "../../shared/routes.js";
import { Chips } from "../../shared/ui/chips.js";
import type { Column } from "../../shared/ui/rows/row.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./inventory.module.css";

const problems = ({ declared, dangling }: AssetSummary): string =>
  [declared ? "" : "Not declared", dangling === 0 ? "" : `${dangling} dangling`].filter(Boolean).join(", ");

export const COLUMNS: Column<AssetSummary>[] = [
  {
    key: "name",
    head: "Name",
    width: "minmax(0, 2.4fr)",
    cell: (asset) => (
      <span className={styles.name}>
        <KindIcon kind={asset.kind} />
        <Link href={routes.asset(asset.kind, asset.name)} tabIndex={-1}>
          {asset.name}
        </Link>
        {asset.title !== "" && asset.title !== asset.name && <span>{asset.title}</span>}
      </span>
    ),
  },
  { key: "kind", head: "Kind", width: "86px", cell: ({ kind }) => kind },
  { key: "owner", head: "Owner", width: "minmax(0, 1fr)", wide: true, cell: ({ owner }) => owner || "–" },
  {
    key: "tags",
    head: "Tags",
    width: "minmax(0, 1.8fr)",
    wide: true,
    cell: ({ tags: { owner, ...tags } }) => <Chips of={tags} limit={2} line />,
  },
  {
    key: "versions",
    head: "Versions",
    width: "70px",
    wide: true,
    cell: ({ versions }) => (versions === 0 ? "–" : versions.toLocaleString("en-GB")),
  },
  {
    key: "open",
    head: "To mend",
    width: "minmax(0, 1fr)",
    wide: true,
    cell: (asset) => <span className={styles.problem}>{problems(asset)}</span>,
  },
  {
    key: "updated",
    head: "Changed",
    width: "108px",
    wide: true,
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
];

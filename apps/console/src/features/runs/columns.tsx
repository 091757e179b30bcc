import type { MetricValue, RunSummary } from "@countersign/api";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Pill } from "../../shared/ui/pill.js";
import type { Column } from "../../shared/ui/rows/row.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./runs.module.css";
import { figure } from "./series.js";
import { statusOf } from "./status.js";

/** A column of the reader's choice: `metrics.auc` or `params.depth`. */
export type Chosen = `metrics.${string}` | `params.${string}`;

export const sayValue = (value: MetricValue | undefined): string =>
  typeof value === "string" ? value : figure(value);

/** Every metric and parameter of the runs that are there, the most common first. */
export const choicesOf = (runs: RunSummary[]): Chosen[] => {
  const counts = new Map<Chosen, number>();
  for (const { metrics, parameters } of runs) {
    for (const key of Object.keys(metrics))
      counts.set(`metrics.${key}`, (counts.get(`metrics.${key}`) ?? 0) + 1);
    for (const key of Object.keys(parameters))
      counts.set(`params.${key}`, (counts.get(`params.${key}`) ?? 0) + 1);
  }
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([key]) => key);
};

const FIRST = 3;

/** What is shown until the reader chooses. */
export const firstOf = (choices: Chosen[]): Chosen[] => [
  ...choices.filter((key) => key.startsWith("metrics.")).slice(0, FIRST),
  ...choices.filter((key) => key.startsWith("params.")).slice(0, FIRST),
];

const nameOf = (key: Chosen): string => key.slice(key.indexOf(".") + 1);

const cellOf = (key: Chosen, { metrics, parameters }: RunSummary): string =>
  key.startsWith("metrics.") ? sayValue(metrics[nameOf(key)]?.value) : (parameters[nameOf(key)] ?? "–");

interface ColumnsInput {
  chosen: Chosen[];
  picked: ReadonlySet<string>;
  onPick(id: string): void;
}

export const columnsOf = ({ chosen, picked, onPick }: ColumnsInput): Column<RunSummary>[] => [
  {
    key: "pick",
    head: <span className="visually-hidden">Compare</span>,
    width: "18px",
    cell: ({ id, name }) => (
      <input
        type="checkbox"
        tabIndex={-1}
        className={styles.pick}
        aria-label={`Compare ${name}`}
        checked={picked.has(id)}
        onChange={() => onPick(id)}
      />
    ),
  },
  {
    key: "name",
    head: "Run",
    width: "minmax(130px, 1.6fr)",
    cell: ({ id, name }) => (
      <Link href={routes.run(id)} tabIndex={-1} className={styles.name}>
        {name}
      </Link>
    ),
  },
  {
    key: "status",
    head: "Status",
    width: "112px",
    cell: (run) => <Pill tone={statusOf(run).tone}>{statusOf(run).word}</Pill>,
  },
  ...chosen.map(
    (key, at): Column<RunSummary> => ({
      key,
      head: <span title={key}>{nameOf(key)}</span>,
      width: "minmax(72px, 1fr)",
      wide: at > 0,
      cell: (run) => <span title={cellOf(key, run)}>{cellOf(key, run)}</span>,
    }),
  ),
  {
    key: "started",
    head: "Started",
    width: "104px",
    wide: true,
    cell: ({ startedAt, createdAt }) => <Time at={startedAt ?? createdAt} />,
  },
];

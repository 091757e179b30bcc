import type { DecisionRecord, VersionDetail } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { topic } from "../../shared/ui/decisions.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty } from "../../shared/ui/state.js";
import { Time } from "../../shared/ui/time.js";
import { outcome as decided, status } from "../../shared/ui/tone.js";
import styles from "./timeline.module.css";

type Entry = VersionDetail["entries"][number];

const SAYS: Record<string, Record<string, string>> = {
  manifest: { neutral: "Files named", positive: "Files named" },
  scan: { positive: "Scanned, clean", negative: "Scanned, found something", neutral: "Scanned" },
  signature: { positive: "Signed" },
  declaration: { neutral: "Licence and origin declared", positive: "Licence and origin declared" },
  approval: { positive: "Approved" },
  decision: { neutral: "A gate decided" },
  promotion: { positive: "Promoted", neutral: "Promoted" },
  revocation: { negative: "Revoked an earlier entry", neutral: "Revoked an earlier entry" },
  tombstone: { neutral: "Evidence erased", negative: "Evidence erased" },
};

const says = ({ index, predicate, outcome }: Entry, decisions: DecisionRecord[]): string => {
  const decision = decisions.find((record) => record.index === index);
  if (decision !== undefined) return `${topic(decision)}: ${decided(decision.outcome).word.toLowerCase()}`;
  return SAYS[predicate]?.[outcome] ?? predicate;
};

const ROW = 64;
const GUTTER = 44;

/** Everything on the record about this version in log order, and what superseded or revoked what. */
export function Timeline({ version }: { version: VersionDetail }): ReactNode {
  const entries = version.entries.toSorted((a, b) => b.index - a.index);
  if (entries.length === 0) {
    return (
      <Panel title="Facts" flush>
        <Empty title="Nothing is on the record about this version" />
      </Panel>
    );
  }
  return (
    <Panel
      title="Facts"
      note="Newest first, in the order of the log and not of anybody's clock. Only what holds counts at a gate; an arc leads from what replaced an entry to the entry."
      flush
    >
      <div className={styles.chain}>
        <Arcs entries={entries} />
        <ol className={styles.rows}>
          {entries.map((entry) => (
            <Row key={entry.index} entry={entry} decisions={version.decisions} />
          ))}
        </ol>
      </div>
    </Panel>
  );
}

function Row({ entry, decisions }: { entry: Entry; decisions: DecisionRecord[] }): ReactNode {
  const said = status(entry.status);
  return (
    <li className={styles.row} data-held={entry.status === "held" || undefined} id={`entry-${entry.index}`}>
      <div className={styles.what}>
        <strong>{says(entry, decisions)}</strong>
        <span className={styles.dim}>
          <Link href={routes.entry(entry.index)}>Entry {entry.index}</Link> by{" "}
          {entry.principal || "an unlisted key"} · <Time at={entry.at} />
        </span>
      </div>
      <div className={styles.standing}>
        <Pill tone={said.tone}>{said.word}</Pill>
        <Reason entry={entry} />
      </div>
    </li>
  );
}

/** The reason, with the entry that it names as a link to its row. */
function Reason({ entry: { by, reason } }: { entry: Entry }): ReactNode {
  if (by === undefined) return reason === "" ? null : <span className={styles.dim}>{reason}</span>;
  const name = `entry ${by}`;
  const [before = "", ...rest] = reason.includes(name) ? reason.split(name) : [`${reason} `, ""];
  return (
    <span className={styles.dim} title={reason}>
      {before}
      <a href={`#entry-${by}`}>{name}</a>
      {rest.join(name)}
    </span>
  );
}

const middle = (row: number): number => row * ROW + ROW / 2;

function Arcs({ entries }: { entries: Entry[] }): ReactNode {
  const rows = new Map(entries.map(({ index }, row) => [index, row]));
  const height = entries.length * ROW;
  return (
    <svg
      className={styles.arcs}
      width={GUTTER}
      height={height}
      viewBox={`0 0 ${GUTTER} ${height}`}
      aria-hidden="true"
    >
      <path
        d={`M${GUTTER - 10} ${middle(0)} V${middle(entries.length - 1)}`}
        stroke="var(--line)"
        strokeWidth="2"
      />
      {entries.map((entry, row) => {
        const by = entry.by === undefined ? undefined : rows.get(entry.by);
        return by === undefined ? null : (
          <Arc key={`arc ${entry.index}`} from={by} to={row} revoked={entry.status === "revoked"} />
        );
      })}
      {entries.map(({ index, status: standing }, row) => (
        <circle
          key={index}
          cx={GUTTER - 10}
          cy={middle(row)}
          r="5.500"
          fill={standing === "held" ? "var(--ok)" : "var(--surface)"}
          stroke={standing === "held" ? "var(--ok)" : "var(--line-strong)"}
          strokeWidth="2"
        />
      ))}
    </svg>
  );
}

function Arc({ from, to, revoked }: { from: number; to: number; revoked: boolean }): ReactNode {
  const x = GUTTER - 16;
  const [top, bottom] = [middle(from), middle(to)];
  const out = Math.max(6, x - 8 - Math.abs(to - from) * 4);
  const colour = revoked ? "var(--bad)" : "var(--dim)";
  return (
    <g stroke={colour} fill="none" strokeWidth="1.500">
      <path
        d={`M${x} ${top} C${out} ${top} ${out} ${bottom} ${x - 2} ${bottom}`}
        strokeDasharray={revoked ? "4 3" : undefined}
      />
      <path d={`M${x - 7} ${bottom - 4} L${x - 1} ${bottom} L${x - 7} ${bottom + 4}`} />
    </g>
  );
}

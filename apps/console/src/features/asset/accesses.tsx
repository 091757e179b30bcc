import type { DatasetDetail } from "@countersign/api";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { routes } from "../../shared/routes.js";
import { Digest } from "../../shared/ui/digest.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Empty } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./asset.module.css";

type Access = DatasetDetail["accesses"][number];

const DEEDS: Record<string, string> = {
  read: "Read",
  removed: "Removed",
  admitted: "Admitted",
  "rolled-back": "Rolled back to",
  rewritten: "Rewritten",
};

export const deed = (kind: string): string => DEEDS[kind] ?? kind;

const OUTCOMES = {
  known: { tone: "ok", word: "Known" },
  unknown: { tone: "wait", word: "Unknown digest" },
  refused: { tone: "bad", word: "Refused" },
} as const;
const FEW = 12;

export function Accesses({ of }: { of: Access[] }): ReactNode {
  const [all, setAll] = useState(false);
  return (
    <Panel
      title="Who read or changed it"
      action={
        of.length > FEW && (
          <button type="button" className={styles.plain} onClick={() => setAll(!all)}>
            {all ? "Fewer" : `All ${of.length}`}
          </button>
        )
      }
      flush
    >
      {of.length === 0 ? (
        <Empty title="Nobody, as far as was reported" />
      ) : (
        <Table caption="Accesses" head={["When", "What", "Version", "Who", "Run", "Outcome"]}>
          {of.slice(0, all ? of.length : FEW).map((access) => (
            <AccessRow key={`${access.at} ${access.kind} ${access.run} ${access.artifact}`} access={access} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function AccessRow({
  access: { at, kind, artifact, principal, run, outcome },
}: {
  access: Access;
}): ReactNode {
  const { tone, word } = OUTCOMES[outcome];
  return (
    <tr>
      <td>
        <Time at={at} />
      </td>
      <td>{deed(kind)}</td>
      <td>{artifact === null ? "–" : <Digest value={artifact} length={8} />}</td>
      <td>{principal}</td>
      <td>{run === null ? "–" : <Link href={routes.run(run)}>{run.slice(0, 8)}</Link>}</td>
      <td>
        <Pill tone={tone}>{word}</Pill>
      </td>
    </tr>
  );
}

import type { ApplyAnswer, ApplyResult } from "@countersign/api";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { KindIcon } from "../../shared/graph/icon.js";
import { routes } from "../../shared/routes.js";
import { Changes } from "../../shared/ui/changes.js";
import { count } from "../../shared/ui/format.js";
import { Notice } from "../../shared/ui/notice.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import type { Tone } from "../../shared/ui/tone.js";
import styles from "./asset.module.css";

const WORDS: Record<string, { tone: Tone; would: string; did: string }> = {
  created: { tone: "ok", would: "New", did: "Declared" },
  updated: { tone: "info", would: "Changes", did: "Changed" },
  unchanged: { tone: "quiet", would: "As it is", did: "As it was" },
  deleted: { tone: "bad", would: "Goes", did: "Taken out" },
};

interface AnswerProps {
  answer: ApplyAnswer;
  done: boolean;
}

/** What applying would do, or did. */
export function Answer({ answer: { results, cycles }, done }: AnswerProps): ReactNode {
  const changed = results.filter(({ action }) => action !== "unchanged").length;
  const title = done
    ? `Applied: ${count(changed, "document")} changed`
    : changed === 0
      ? "Nothing would change"
      : `${count(changed, "document")} would change`;
  return (
    <Panel title={title} note={done ? "Signed, and on the record." : undefined} flush>
      {cycles.map((cycle) => (
        <Notice key={cycle.join()} tone="wait" title="They refer to each other in a circle">
          {cycle.join(" → ")}
        </Notice>
      ))}
      <ul>
        {results.map((result) => (
          <Result key={`${result.kind} ${result.name}`} result={result} done={done} />
        ))}
      </ul>
    </Panel>
  );
}

function Result({ result, done }: { result: ApplyResult; done: boolean }): ReactNode {
  const { kind, name, action, changes, index, dangling, declared } = result;
  const word = WORDS[action];
  return (
    <li className={styles.event}>
      <div className={styles.eventhead}>
        <Pill tone={word?.tone ?? "quiet"}>{(done ? word?.did : word?.would) ?? action}</Pill>
        <span className={styles.kind}>
          <KindIcon kind={kind} />
          {done || action !== "created" ? (
            <Link href={routes.asset(kind, name)}>{name}</Link>
          ) : (
            <strong>{name}</strong>
          )}
        </span>
        {index !== undefined && <Link href={routes.entry(index)}>Entry {index}</Link>}
      </div>
      {declared > 0 && (
        <p className={styles.dim}>
          {count(declared, "version")} {done ? "was given" : "would be given"} other tags, which gates read.
        </p>
      )}
      {dangling.map((reference) => (
        <p key={`${reference.kind} ${reference.name}`} className={styles.decision}>
          <Pill tone="wait">Leads nowhere</Pill>
          {reference.kind} {reference.name}
        </p>
      ))}
      {changes.length > 0 && <Changes of={changes} />}
    </li>
  );
}

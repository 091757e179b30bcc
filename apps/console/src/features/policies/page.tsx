import type { PolicyView } from "@countersign/api";
import type { ReactNode } from "react";
import { Command } from "../../shared/ui/command.js";
import { Digest } from "../../shared/ui/digest.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Loaded } from "../../shared/ui/state.js";
import { usePolicies } from "./api/get-policies.js";
import styles from "./policies.module.css";

type Rule = PolicyView["rules"][number];

export function PoliciesPage(): ReactNode {
  const policies = usePolicies();
  return (
    <Page
      title="Policies"
      lead="What a gate asks before it lets anything through. Nothing is allowed unless a rule permits it and no rule forbids it."
    >
      <Loaded of={policies} rows={8}>
        {(view) => (
          <>
            <Panel
              title="Rules in force"
              note={
                <>
                  Every decision names this set:{" "}
                  <Digest value={view.digest} length={16} what="policy digest" />
                </>
              }
              flush
            >
              <ul className={styles.rules}>
                {view.rules.map((rule) => (
                  <RuleRow
                    key={rule.id}
                    rule={rule}
                    source={view.files.find(({ name }) => name === rule.file)?.text ?? ""}
                  />
                ))}
              </ul>
            </Panel>
            <Panel
              title="Change a rule"
              note="Policies are Cedar files: keep them in Git, test them, then start the server with them."
            >
              <Command>countersign policy test ./policies</Command>
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function RuleRow({ rule, source }: { rule: Rule; source: string }): ReactNode {
  const forbids = rule.effect === "forbid";
  return (
    <li className={styles.rule}>
      <div className={styles.head}>
        <Pill tone={forbids ? "bad" : "ok"}>{forbids ? "Forbids" : "Permits"}</Pill>
        <code>{rule.id}</code>
      </div>
      <p>
        <Template text={rule.reason} />
      </p>
      {forbids && rule.remedy !== "" && (
        <p className={styles.remedy}>
          What to do:{" "}
          <code>
            <Template text={rule.remedy} />
          </code>
        </p>
      )}
      <details>
        <summary>Source, {rule.file}</summary>
        <pre>{source}</pre>
      </details>
    </li>
  );
}

/** Names in braces are filled in by each decision. */
function Template({ text }: { text: string }): ReactNode {
  return text
    .split(/\{(\w+)\}/)
    .map((part, at) => (at % 2 === 1 ? <var key={`${part}${text}`}>{part}</var> : part));
}

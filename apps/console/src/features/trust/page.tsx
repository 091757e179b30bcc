import type { ReactNode } from "react";
import { type TrustRootDocument, type TrustRule, useTrustRoot } from "../../shared/api/get-trust-root.js";
import { Command } from "../../shared/ui/command.js";
import { Digest } from "../../shared/ui/digest.js";
import { Facts } from "../../shared/ui/facts.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Pill } from "../../shared/ui/pill.js";
import { Loaded } from "../../shared/ui/state.js";
import { Table } from "../../shared/ui/table.js";
import { Time } from "../../shared/ui/time.js";
import styles from "./trust.module.css";

export function TrustPage(): ReactNode {
  const trust = useTrustRoot();
  return (
    <Page
      title="Keys and trust"
      lead="Who may state what. A statement counts only if this signed, logged file lets its signer make it."
    >
      <Loaded of={trust} rows={8}>
        {({ root, digest, version }) => (
          <>
            <KeysPanel root={root} />
            <RulesPanel root={root} />
            <Panel title="Trust root">
              <Facts
                rows={[
                  ["Version", String(version)],
                  ["Digest", <Digest key="digest" value={digest} length={24} what="trust-root digest" />],
                  ["In force", <Window key="window" from={root.validFrom} until={root.validUntil} />],
                  ["May revoke", root.revokers.length === 0 ? "Only who signed" : root.revokers.join(", ")],
                  [
                    "Next version",
                    root.rootKeys.length === 1
                      ? "signed by the root key, outside this console"
                      : "signed by one of the root keys, outside this console",
                  ],
                ]}
              />
              <div className={styles.command}>
                <Command>countersign trust show</Command>
              </div>
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Window({ from, until }: { from: number; until: number }): ReactNode {
  return (
    <span>
      <Time at={from} /> to <Time at={until} />
    </span>
  );
}

const statable = (root: TrustRootDocument, roles: string[]): string[] => [
  ...new Set(root.rules.filter(({ role }) => roles.includes(role)).flatMap(({ predicates }) => predicates)),
];

function KeysPanel({ root }: { root: TrustRootDocument }): ReactNode {
  const cutOff = (keyId: string): number | undefined =>
    root.compromised.find((entry) => entry.keyId === keyId)?.fromIndex;
  return (
    <Panel
      title="Keys"
      note="The console never holds a private key. After a first start all of these lie on the server's own disk, which is for trying out only: in earnest, give people keys of their own."
      flush
    >
      <Table
        caption="Keys that the trust root lists"
        head={["Holder", "Key id", "Roles", "May state", "Standing"]}
      >
        {root.keys.map(({ keyId, principal, roles }) => {
          const from = cutOff(keyId);
          const may = statable(root, roles);
          return (
            <tr key={keyId}>
              <td>
                <strong>{principal}</strong>
              </td>
              <td>
                <Digest value={keyId} length={12} what="key id" />
              </td>
              <td>{roles.join(", ") || "–"}</td>
              <td>{root.rootKeys.includes(keyId) ? "the next trust root" : may.join(", ") || "nothing"}</td>
              <td>
                {from === undefined ? (
                  <Pill tone="ok">Trusted</Pill>
                ) : (
                  <Pill tone="bad">Compromised from entry {from}</Pill>
                )}
              </td>
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}

const columns = (rules: TrustRule[]): string[] =>
  [...new Set(rules.flatMap(({ predicates }) => predicates))].sort();

function RulesPanel({ root }: { root: TrustRootDocument }): ReactNode {
  const predicates = columns(root.rules);
  return (
    <Panel title="Who may state what" note="Rows are roles, columns are statements." flush>
      <Table caption="Roles and the statements they may make" head={["Role", ...predicates]}>
        {root.rules.map((rule) => (
          <tr key={rule.role}>
            <td>
              <strong>{rule.role}</strong>
              {rule.environments !== undefined && (
                <small className={styles.where}>for {rule.environments.join(", ")}</small>
              )}
            </td>
            {predicates.map((name) => (
              <td key={name}>
                {rule.predicates.includes(name) ? (
                  <span className={styles.yes}>may</span>
                ) : (
                  <span className={styles.no}>–</span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

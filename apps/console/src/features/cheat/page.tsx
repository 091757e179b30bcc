import { NativeSelect } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useVersions } from "../../shared/api/get-versions.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Failure, Loaded } from "../../shared/ui/state.js";
import { useCheat } from "./api/cheat.js";
import styles from "./cheat.module.css";
import { EXPERIMENTS } from "./experiments.js";
import { Outcome } from "./outcome.js";

const CHOICES = 100;

export function CheatPage(): ReactNode {
  const versions = useVersions("", CHOICES);
  return (
    <Page
      title="Try to cheat"
      lead="Tamper with a copy of this workspace the way an insider would, and watch the gate. The copy is thrown away; nothing here is changed."
    >
      <Loaded of={versions} rows={6}>
        {({ pages }) => {
          const models = pages.flatMap(({ items }) => items);
          return models.length === 0 ? (
            <Panel title="Nothing to cheat with yet">
              <Empty title="Admit a model first">Then try to talk the gate out of its decision.</Empty>
            </Panel>
          ) : (
            <Bench
              models={models.map(({ name, artifact, decisions }) => ({
                name,
                artifact,
                refused: decisions.some(({ outcome }) => outcome === "deny"),
              }))}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

interface Choice {
  name: string;
  artifact: string;
  refused: boolean;
}

function Bench({ models }: { models: Choice[] }): ReactNode {
  const first = models.find(({ refused }) => refused) ?? models[0];
  const [subject, setSubject] = useState(first?.artifact ?? "");
  const cheat = useCheat();
  return (
    <>
      <Panel title="Choose a model and a trick">
        <div className={styles.bench}>
          <NativeSelect
            label="Model"
            data={models.map(({ name, artifact, refused }) => ({
              value: artifact,
              label: `${name} · ${artifact.slice(7, 15)}${refused ? " · refused" : ""}`,
            }))}
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
            maw={420}
          />
          <ul className={styles.tricks}>
            {EXPERIMENTS.map(({ id, title, hope }) => (
              <li key={id}>
                <button
                  type="button"
                  disabled={cheat.isPending}
                  data-running={(cheat.isPending && cheat.variables.experiment === id) || undefined}
                  onClick={() => cheat.mutate({ experiment: id, subject })}
                >
                  <strong>{title}</strong>
                  <span>
                    {cheat.isPending && cheat.variables.experiment === id ? "Cheating on a copy…" : hope}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      </Panel>
      <div aria-live="polite" className={styles.outcome}>
        {cheat.error !== null && <Failure error={cheat.error} />}
        {cheat.data !== undefined && <Outcome result={cheat.data} />}
      </div>
    </>
  );
}

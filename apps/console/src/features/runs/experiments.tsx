import type { TrackedExperiment } from "@countersign/api";
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { Panel } from "../../shared/ui/panel.js";
import { Loaded } from "../../shared/ui/state.js";
import { useExperiments } from "./api/get-runs.js";
import styles from "./runs.module.css";

interface ExperimentsProps {
  chosen: string;
  onChoose(id: string): void;
}

export function Experiments({ chosen, onChoose }: ExperimentsProps): ReactNode {
  const [text, setText] = useState("");
  const [query] = useDebouncedValue(text.trim(), 150);
  const experiments = useExperiments(query);
  return (
    <Panel title="Experiments" flush>
      <div className={styles.experiments}>
        <TextInput
          type="search"
          size="xs"
          aria-label="Search experiments"
          placeholder="Part of a name"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Loaded of={experiments} rows={4}>
          {({ items }) => (
            <ul>
              <Choice name="Every experiment" chosen={chosen === ""} onChoose={() => onChoose("")} />
              {items
                .filter(({ stage }) => stage === "active")
                .map((experiment) => (
                  <Choice
                    key={experiment.id}
                    name={experiment.name}
                    of={experiment}
                    chosen={experiment.id === chosen}
                    onChoose={() => onChoose(experiment.id)}
                  />
                ))}
            </ul>
          )}
        </Loaded>
      </div>
    </Panel>
  );
}

interface ChoiceProps {
  name: string;
  of?: TrackedExperiment;
  chosen: boolean;
  onChoose(): void;
}

function Choice({ name, of, chosen, onChoose }: ChoiceProps): ReactNode {
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={onChoose}>
        <span>{name}</span>
        {of !== undefined && <small>{of.runs.toLocaleString("en-GB")}</small>}
      </button>
    </li>
  );
}

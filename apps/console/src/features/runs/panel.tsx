import type { RunQuery, RunSummary } from "@countersign/api";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { PAGE_SIZE } from "../../shared/api/keyset.js";
import { routes } from "../../shared/routes.js";
import { count } from "../../shared/ui/format.js";
import { Panel } from "../../shared/ui/panel.js";
import { Rows } from "../../shared/ui/rows/rows.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { useRuns } from "./api/get-runs.js";
import { type Chosen, choicesOf, columnsOf, firstOf } from "./columns.js";
import styles from "./runs.module.css";

const MOST = 10;
/** Runs that are looked at for their metrics and parameters. */
const LOOKED_AT = 100;

interface RunsPanelProps {
  query: RunQuery;
  put(changes: Record<string, string>): void;
}

export function RunsPanel({ query, put }: RunsPanelProps): ReactNode {
  const [, go] = useLocation();
  const runs = useRuns(query);
  const first = Array.from({ length: Math.min(runs.count, LOOKED_AT) }, (_, at) => runs.row(at)).filter(
    (run) => run !== undefined,
  );
  const names = choicesOf(first).join("\n");
  const choices = useMemo(() => (names === "" ? [] : (names.split("\n") as Chosen[])), [names]);
  const [own, setOwn] = useState<Chosen[]>();
  const chosen = useMemo(() => own ?? firstOf(choices), [own, choices]);
  const { picked, pick, clear } = usePicked();
  const columns = useMemo(() => columnsOf({ chosen, picked, onPick: pick }), [chosen, picked, pick]);
  return (
    <Panel
      title={
        <span role="status">
          {runs.more || runs.count > PAGE_SIZE
            ? `More than ${count(PAGE_SIZE, "run")}`
            : count(runs.count, "run")}
        </span>
      }
      action={
        <div className={styles.acts}>
          {picked.size > 0 && (
            <Button size="xs" variant="subtle" onClick={clear}>
              Clear
            </Button>
          )}
          <Button
            size="xs"
            disabled={picked.size < 2}
            renderRoot={(props) =>
              picked.size < 2 ? (
                <button {...props} type="button" />
              ) : (
                <Link {...props} href={routes.compare([...picked])} />
              )
            }
          >
            {picked.size < 2 ? "Choose runs to compare" : `Compare ${picked.size} runs`}
          </Button>
        </div>
      }
      flush
    >
      <Filter key={`${query.filter} ${query.order}`} query={query} choices={choices} put={put} />
      <Columns choices={choices} chosen={chosen} onChange={setOwn} />
      <div className={styles.list}>
        <Loaded of={runs} rows={8}>
          {() =>
            runs.count === 0 ? (
              <NoRuns filtered={query.filter !== undefined} />
            ) : (
              <Rows<RunSummary>
                key={JSON.stringify(query)}
                label="Runs"
                columns={columns}
                count={runs.count}
                more={runs.more}
                row={runs.row}
                onSee={runs.see}
                onOpen={({ id }) => go(routes.run(id))}
                onSpace={({ id }) => pick(id)}
                stale={runs.stale}
                above={328}
              />
            )
          }
        </Loaded>
      </div>
    </Panel>
  );
}

const usePicked = () => {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const pick = useCallback(
    (id: string) =>
      setPicked((held) => {
        const next = new Set(held);
        if (!next.delete(id) && next.size < MOST) next.add(id);
        return next;
      }),
    [],
  );
  const clear = useCallback(() => setPicked(new Set()), []);
  return { picked, pick, clear };
};

function NoRuns({ filtered }: { filtered: boolean }): ReactNode {
  return filtered ? (
    <Empty title="No run matches the filter" />
  ) : (
    <Empty title="No run yet">
      Set <code>MLFLOW_TRACKING_URI</code> to this server and run your training as it is.
    </Empty>
  );
}

interface FilterProps extends RunsPanelProps {
  choices: Chosen[];
}

/** MLflow's own language, as its clients take it. */
function Filter({ query, choices, put }: FilterProps): ReactNode {
  const [text, setText] = useState(query.filter ?? "");
  const metrics = choices.filter((key) => key.startsWith("metrics."));
  return (
    <form
      className={styles.filter}
      onSubmit={(event) => {
        event.preventDefault();
        put({ filter: text.trim() });
      }}
    >
      <TextInput
        label="Filter"
        placeholder="metrics.auc > 0.9 and params.depth = '4'"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <NativeSelect
        label="Order"
        data={[
          { value: "", label: "Newest first" },
          ...metrics.flatMap((key) => [
            { value: `${quoted(key)} DESC`, label: `${key.slice(8)}, highest first` },
            { value: `${quoted(key)} ASC`, label: `${key.slice(8)}, lowest first` },
          ]),
        ]}
        value={query.order ?? ""}
        onChange={({ currentTarget }) => put({ order: currentTarget.value })}
      />
      <Button type="submit" variant="default">
        Filter
      </Button>
    </form>
  );
}

const quoted = (key: Chosen): string => `metrics.\`${key.slice("metrics.".length)}\``;

interface ColumnsProps {
  choices: Chosen[];
  chosen: Chosen[];
  onChange(chosen: Chosen[]): void;
}

function Columns({ choices, chosen, onChange }: ColumnsProps): ReactNode {
  return (
    <details className={styles.columns}>
      <summary>
        Columns: {chosen.length} of {count(choices.length, "metric or parameter", "metrics and parameters")}
      </summary>
      <ul>
        {choices.map((key) => (
          <li key={key}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(key)}
                onChange={() =>
                  onChange(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key])
                }
              />
              {key}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}

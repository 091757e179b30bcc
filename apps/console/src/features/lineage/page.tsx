import type { Graph, GraphQuery } from "@countersign/api";
import { NativeSelect } from "@mantine/core";
import { type ReactNode, useCallback } from "react";
import { useSearchParams } from "wouter";
import { SubjectPicker } from "../../shared/graph/subject-picker.js";
import { count } from "../../shared/ui/format.js";
import { Notice } from "../../shared/ui/notice.js";
import { Page } from "../../shared/ui/page.js";
import { Panel } from "../../shared/ui/panel.js";
import { Empty, Loaded } from "../../shared/ui/state.js";
import { Switch } from "../../shared/ui/switch.js";
import { useGraph } from "./api/get-graph.js";
import styles from "./lineage.module.css";
import { Stage } from "./stage.js";
import { NodeTable } from "./table.js";
import { TimeTravel } from "./time-travel.js";

const WAYS = [
  { value: "both", label: "In both directions" },
  { value: "down", label: "What it reached" },
  { value: "up", label: "What it came from" },
] as const;
const DAY = 86_400_000;

/** The address holds everything that was chosen, so that it can be sent to somebody. */
const useChosen = () => {
  const [params, setParams] = useSearchParams();
  const put = useCallback(
    (changes: Record<string, string | undefined>) =>
      setParams(
        (held) => {
          const next = new URLSearchParams(held);
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined) next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const at = Number(params.get("at") ?? Number.NaN);
  return {
    put,
    focus: params.get("focus") ?? undefined,
    way: WAYS.find(({ value }) => value === params.get("way"))?.value ?? "both",
    view: params.get("view") === "table" ? "table" : "picture",
    at: Number.isSafeInteger(at) && at >= 0 ? at : undefined,
  } as const;
};

export function LineagePage(): ReactNode {
  const { put, focus, way, view, at } = useChosen();
  const query: GraphQuery = {
    ...(focus === undefined ? {} : { focus, direction: way }),
    ...(at === undefined ? {} : { at }),
  };
  const graph = useGraph(query);
  const onTime = useCallback((moment: number | undefined) => put({ at: moment?.toString() }), [put]);
  const oldest = (graph.data?.nodes ?? []).reduce(
    (least, node) => Math.min(least, node.at),
    Date.now() - DAY,
  );
  const named = graph.data?.nodes.find(({ key }) => key === focus);
  return (
    <Page title="Lineage" lead="What came from what: from data through runs and models to where they run.">
      <div className={styles.bar}>
        <div className={styles.grow}>
          <SubjectPicker
            label="Focus on"
            value={named?.label ?? named?.name ?? focus ?? ""}
            onPick={(subject) => put({ focus: subject })}
          />
        </div>
        <NativeSelect
          label="Show"
          data={WAYS.map(({ value, label }) => ({ value, label }))}
          value={way}
          disabled={focus === undefined}
          onChange={({ currentTarget }) => put({ way: currentTarget.value })}
        />
        <TimeTravel at={at} since={oldest} onChange={onTime} />
      </div>
      <Panel
        title={graph.data === undefined ? "Graph" : sizes(graph.data)}
        note={
          focus === undefined
            ? "The newest of everything. Focus on something to see its surroundings."
            : undefined
        }
        action={
          <Switch
            label="Show as"
            options={[
              { value: "picture", label: "Picture" },
              { value: "table", label: "Table" },
            ]}
            value={view}
            onChange={(value) => put({ view: value === "table" ? value : undefined })}
          />
        }
        flush
      >
        <Loaded of={graph} rows={10}>
          {(data) =>
            data.nodes.length === 0 ? (
              <Empty title={at === undefined ? "Nothing is connected yet" : "Nothing was there yet"}>
                Log a run with an MLflow client, apply documents, or report a deployment.
              </Empty>
            ) : (
              <>
                {data.truncated && focus !== undefined && (
                  <div className={styles.notes}>
                    <Notice tone="wait" title="There is more than fits here">
                      The nearest {count(data.nodes.length, "node")} are shown. Focus on something to see all
                      of it.
                    </Notice>
                  </div>
                )}
                {view === "table" ? (
                  <NodeTable graph={data} />
                ) : (
                  <Stage graph={data} focus={named?.key} onFocus={(key) => put({ focus: key })} />
                )}
              </>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

const sizes = ({ nodes, edges }: Graph): string =>
  `${count(nodes.length, "node")} and ${count(edges.length, "edge")}`;

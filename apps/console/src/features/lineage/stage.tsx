import type { Graph } from "@countersign/api";
import { Button } from "@mantine/core";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { Failure } from "../../shared/ui/state.js";
import { collapse, type Item } from "./collapse.js";
import { Details } from "./details.js";
import { flowsInto } from "./flows.js";
import { familiesOf } from "./groups.js";
import styles from "./lineage.module.css";
import { pathOf } from "./path.js";
import { Picture } from "./picture.js";
import { useLayout } from "./use-layout.js";

interface StageProps {
  graph: Graph;
  focus: string | undefined;
  onFocus(key: string): void;
}

/** The picture with what is opened and selected in it. */
export function Stage({ graph, focus, onFocus }: StageProps): ReactNode {
  const [opened, setOpened] = useState<ReadonlyMap<string, number>>(new Map());
  const [aim, setAim] = useState<string>();
  const [selected, setSelected] = useState<string>();
  const node = useMemo(() => graph.nodes.find(({ key }) => key === selected), [graph, selected]);
  const families = useMemo(() => familiesOf(graph), [graph]);
  const shown = useMemo(
    () => collapse(graph, families, opened, new Set(focus === undefined ? [] : [focus])),
    [graph, families, opened, focus],
  );
  const { arranged, error } = useLayout(shown);
  const path = useMemo(
    () =>
      node === undefined || arranged === undefined ? undefined : pathOf(graph, arranged.shown, node.key),
    [graph, arranged, node],
  );
  const onChoose = useCallback((item: Item) => {
    const { opens } = item;
    const [only] = item.members;
    if (item.members.length === 1 && only !== undefined)
      setSelected((held) => (held === only.key ? undefined : only.key));
    else if (opens !== undefined) {
      setOpened((held) => new Map(held).set(opens, (held.get(opens) ?? 0) + 1));
      setAim(only?.key);
    }
  }, []);
  const close = (): void => {
    setOpened(new Map());
    setAim(undefined);
  };
  const onClear = useCallback(() => setSelected(undefined), []);
  if (error !== "") return <Failure error={new Error(`The picture could not be laid out: ${error}`)} />;
  if (arranged === undefined) return <div className={styles.frame} aria-busy="true" />;
  return (
    <div className={styles.stage}>
      <Picture
        arranged={arranged}
        path={path}
        selected={node === undefined ? undefined : arranged.shown.itemOf.get(node.key)}
        focus={focus === undefined ? undefined : arranged.shown.itemOf.get(focus)}
        aim={aim}
        onChoose={onChoose}
        onClear={onClear}
      />
      {opened.size > 0 ? (
        <div className={styles.hint}>
          <Button size="compact-xs" variant="subtle" onClick={close}>
            Close all boxes again
          </Button>
        </div>
      ) : (
        arranged.shown.items.some(({ members }) => members.length > 1) && (
          <p className={styles.hint}>A box with a shadow stands for many: click to open it.</p>
        )
      )}
      {node !== undefined && path !== undefined && (
        <Details
          node={node}
          flows={flowsInto(graph, node.key)}
          path={path}
          focused={node.key === focus}
          onFocus={() => onFocus(node.key)}
          onClose={onClear}
        />
      )}
    </div>
  );
}

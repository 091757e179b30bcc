import { ActionIcon } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { IconFit, IconMinus, IconPlus } from "../../shared/ui/icons.js";
import { Box } from "./box.js";
import type { Item } from "./collapse.js";
import styles from "./lineage.module.css";
import { Lines } from "./lines.js";
import type { Path } from "./path.js";
import type { Arranged } from "./use-layout.js";
import { useView } from "./view.js";
import { isWay, walk } from "./walk.js";

interface PictureProps {
  arranged: Arranged;
  path: Path | undefined;
  /** Box that is selected, and the one that the picture is about. */
  selected: string | undefined;
  focus: string | undefined;
  /** Node that was just opened out of a box: it comes into sight. */
  aim: string | undefined;
  onChoose(item: Item): void;
  onClear(): void;
}

const ZOOM = 1.35;
/** What the details of a selected node cover, where there is room for them beside it. */
const DETAILS = 320;
const WIDE = 620;

/** The graph as a picture: drag and wheel, or arrows from box to box along the lines. */
export function Picture({
  arranged,
  path,
  selected,
  focus,
  aim,
  onChoose,
  onClear,
}: PictureProps): ReactNode {
  const frame = useRef<SVGSVGElement>(null);
  const scene = useRef<SVGGElement>(null);
  const { shown, layout } = arranged;
  const view = useView({ frame, scene }, layout);
  const first = focus ?? shown.items[0]?.id ?? "";
  const [held, setHeld] = useState(first);
  const active = layout.boxes[held] === undefined ? first : held;
  const counts = useMemo(() => linkCounts(arranged), [arranged]);
  // A picture of something else starts afresh; one that only opened a box stays where the reader has it.
  const about = `${focus} ${shown.items.length === 0}`;
  const started = useRef("");
  useEffect(() => {
    if (started.current !== about) view.start(focus === undefined ? undefined : layout.boxes[focus]);
    started.current = about;
  }, [view, about, focus, layout]);
  const target = aim === undefined ? undefined : shown.itemOf.get(aim);
  const aimed = target === undefined ? undefined : layout.boxes[target];
  useEffect(() => {
    if (aimed !== undefined) view.centre(aimed);
  }, [view, aimed]);

  const chosen = selected === undefined ? undefined : layout.boxes[selected];
  useEffect(() => {
    const { clientWidth = 0 } = frame.current ?? {};
    if (chosen !== undefined) view.reveal(chosen, clientWidth > WIDE ? DETAILS : 0);
  }, [view, chosen]);
  const onReach = (item: Item): void => {
    const at = layout.boxes[item.id];
    if (at !== undefined) view.reveal(at);
  };
  const go = (id: string | undefined): void => {
    const at = id === undefined ? undefined : layout.boxes[id];
    if (id === undefined || at === undefined) return;
    setHeld(id);
    view.reveal(at);
    frame.current
      ?.querySelector<SVGGElement>(`[data-box="${CSS.escape(id)}"]`)
      ?.focus({ preventScroll: true });
  };
  const onKey = (item: Item, event: KeyboardEvent): void => {
    const { key } = event;
    if (isWay(key)) go(walk(arranged, item.id, key));
    else if (key === "Enter" || key === " ") onChoose(item);
    else if (key === "Escape") onClear();
    else if (key === "+" || key === "=") view.zoom(ZOOM);
    else if (key === "-") view.zoom(1 / ZOOM);
    else if (key === "0") view.fit();
    else return;
    event.preventDefault();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons in a picture */}
      <svg
        ref={frame}
        className={styles.frame}
        role="group"
        aria-label="Lineage graph: arrow keys go from box to box"
      >
        <defs>
          <marker
            id="tip"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="9"
            markerHeight="9"
            orient="auto"
          >
            <path d="M0 0.500L7.500 4L0 7.500z" className={styles.tip} />
          </marker>
        </defs>
        <g ref={scene}>
          <Lines arranged={arranged} path={path} />
          {shown.items.map((item) => (
            <Box
              key={item.id}
              item={item}
              x={layout.boxes[item.id]?.x ?? 0}
              y={layout.boxes[item.id]?.y ?? 0}
              onPath={path?.boxes.get(item.id)}
              selected={item.id === selected}
              focusable={item.id === active}
              links={counts(item.id)}
              onChoose={onChoose}
              onKey={onKey}
              onReach={onReach}
            />
          ))}
        </g>
      </svg>
      <div className={styles.controls}>
        <Control label="Zoom in" onClick={() => view.zoom(ZOOM)}>
          <IconPlus />
        </Control>
        <Control label="Zoom out" onClick={() => view.zoom(1 / ZOOM)}>
          <IconMinus />
        </Control>
        <Control label="Show the whole graph" onClick={view.fit}>
          <IconFit />
        </Control>
      </div>
    </>
  );
}

const linkCounts = ({ shown }: Arranged): ((id: string) => string) => {
  const ins = new Map<string, number>();
  const outs = new Map<string, number>();
  for (const { from, to } of shown.links) {
    outs.set(from, (outs.get(from) ?? 0) + 1);
    ins.set(to, (ins.get(to) ?? 0) + 1);
  }
  return (id) => `${ins.get(id) ?? 0} in, ${outs.get(id) ?? 0} out`;
};

interface ControlProps {
  label: string;
  onClick(): void;
  children: ReactNode;
}

function Control({ label, onClick, children }: ControlProps): ReactNode {
  return (
    <ActionIcon variant="subtle" color="gray" size="md" aria-label={label} title={label} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}

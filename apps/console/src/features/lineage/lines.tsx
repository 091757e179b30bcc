import { memo, type ReactNode } from "react";
import { count } from "../../shared/ui/format.js";
import styles from "./lineage.module.css";
import type { Path } from "./path.js";
import type { Arranged } from "./use-layout.js";

interface Point {
  x: number;
  y: number;
}

/** A smooth line through the points, leaving and arriving level. */
const curve = (points: Point[]): string => {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let from = first;
  return rest.reduce((path, to) => {
    const middle = (from.x + to.x) / 2;
    const next = `${path} C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
    from = to;
    return next;
  }, `M${first.x} ${first.y}`);
};

const thickness = (edges: number): number => Math.min(5, 1.25 + Math.log10(edges) * 1.4);

interface LinesProps {
  arranged: Arranged;
  path: Path | undefined;
}

export const Lines = memo(function Lines({ arranged: { shown, layout }, path }: LinesProps): ReactNode {
  const links = new Map(shown.links.map((link) => [`${link.from} > ${link.to}`, link]));
  return layout.lines.map(({ from, to, points }) => {
    const link = links.get(`${from} > ${to}`);
    const on = path !== undefined && (path.boxes.get(from) ?? 0) > 0 && (path.boxes.get(to) ?? 0) > 0;
    return (
      <path
        key={`${from} > ${to}`}
        className={styles.line}
        d={curve(points)}
        strokeWidth={thickness(link?.count ?? 1)}
        markerEnd="url(#tip)"
        data-on={on || undefined}
        data-off={(path !== undefined && !on) || undefined}
      >
        <title>{`${link?.relations.join(", ")}, ${count(link?.count ?? 1, "edge")}`}</title>
      </path>
    );
  });
});

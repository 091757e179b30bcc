import { memo, type ReactNode } from "react";
import styles from "./rows.module.css";

export interface Column<T> {
  key: string;
  head: ReactNode;
  /** A track of a CSS grid, such as `minmax(0, 2fr)`. */
  width: string;
  /** Left out on a narrow screen. */
  wide?: boolean;
  cell(item: T): ReactNode;
}

export function Head<T>({ columns }: { columns: Column<T>[] }): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Rows
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div className={styles.head} role="row" aria-rowindex={1}>
      {columns.map(({ key, head, wide }) => (
        // biome-ignore lint/a11y/useSemanticElements: see Rows
        // biome-ignore lint/a11y/useFocusableInteractive: headings are read with their cells
        <div key={key} role="columnheader" className={wide ? styles.wide : undefined}>
          {head}
        </div>
      ))}
    </div>
  );
}

interface RowProps {
  id: string;
  index: number;
  item: unknown;
  columns: Column<unknown>[];
  height: number;
  active: boolean;
}

/** Drawn again only when its item or place changes: scrolling draws what comes into sight and nothing else. */
export const Row = memo(function Row(props: RowProps): ReactNode {
  const { id, index, item, columns, height, active } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see Rows
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    <div
      id={id}
      className={styles.row}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      data-active={active || undefined}
      style={{ height, transform: `translateY(${index * height}px)` }}
    >
      {columns.map(({ key, cell, wide }, at) => (
        // biome-ignore lint/a11y/useSemanticElements: see Rows
        // biome-ignore lint/a11y/useFocusableInteractive: see the row
        <div key={key} role="gridcell" className={wide ? styles.wide : undefined}>
          {item === undefined ? at === 0 && <div className={styles.waits} /> : cell(item)}
        </div>
      ))}
    </div>
  );
});

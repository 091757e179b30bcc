import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Column, Head, Row } from "./row.js";
import styles from "./rows.module.css";
import { useWindow } from "./window.js";

interface RowsProps<T> {
  label: string;
  columns: Column<T>[];
  count: number;
  /** Whether there are more than `count`. */
  more?: boolean;
  row(index: number): T | undefined;
  onSee?(first: number, last: number): void;
  /** Enter on the row that the arrows chose. */
  onOpen(item: T): void;
  onSpace?(item: T): void;
  height?: number;
  stale?: boolean;
  /** Pixels of the page above and below, so that the list fills what is left of the screen. */
  above?: number;
  /** Least width of all columns together; below it the list scrolls sideways. */
  least?: string;
}

const HEAD = 34;
/** Rows are drawn into this many places in turn, or a multiple of it: to change a row is cheaper than to make one. */
const PLACES = 64;

/** A table of any length of which only the rows in sight are in the page; arrows choose a row, Enter opens it. */
export function Rows<T>(props: RowsProps<T>): ReactNode {
  const { label, columns, count, more = false, row, height = 44, onSee } = props;
  const id = useId();
  const region = useRef<HTMLDivElement>(null);
  const { first, last, measure } = useWindow(region, count, height);
  const [chosen, setChosen] = useState(-1);
  const active = Math.min(chosen, count - 1);
  useEffect(() => onSee?.(first, Math.max(first, last)), [onSee, first, last]);
  // Drawn in slices between frames: however many rows come at once, the page never stands still.
  const shown = useDeferredValue(useMemo(() => ({ first, last, row }), [first, last, row]));
  const size = Math.max(0, shown.last - shown.first + 1);
  const places = Math.ceil(size / PLACES) * PLACES;

  const choose = (index: number): void => {
    const to = Math.max(0, Math.min(count - 1, index));
    setChosen(to);
    if (region.current) reveal(region.current, to, height);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const item = active < 0 ? undefined : row(active);
    if (event.target !== region.current) return;
    const move = moved(event.key, active, count, Math.floor(region.current.clientHeight / height) - 1);
    if (move !== undefined) choose(move);
    else if (event.key === "Enter" && item !== undefined) props.onOpen(item);
    else if (event.key === " " && item !== undefined && props.onSpace) props.onSpace(item);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows out of sight are not in the page, which a table element cannot say
    <div
      ref={region}
      className={styles.rows}
      role="grid"
      aria-label={label}
      aria-rowcount={more ? -1 : count + 1}
      aria-activedescendant={active < first || active > last ? undefined : `${id}-${active}`}
      tabIndex={0}
      data-stale={props.stale || undefined}
      onScroll={measure}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => target === region.current && active < 0 && setChosen(count > 0 ? 0 : -1)}
      style={sizes(columns, props)}
    >
      <div className={styles.grid} role="presentation">
        <Head columns={columns} />
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div className={styles.body} role="rowgroup" style={{ height: count * height }}>
          {Array.from({ length: size }, (_, place) => shown.first + place).map((index) => (
            <Row
              key={index % places}
              id={`${id}-${index}`}
              index={index}
              item={shown.row(index)}
              columns={columns as Column<unknown>[]}
              height={height}
              active={index === active}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const moved = (key: string, from: number, count: number, page: number): number | undefined =>
  ({
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + Math.max(1, page),
    PageUp: from - Math.max(1, page),
    Home: 0,
    End: count - 1,
  })[key];

const reveal = (view: HTMLElement, index: number, height: number): void => {
  const [top, bottom] = [index * height, (index + 1) * height + HEAD];
  if (top < view.scrollTop) view.scrollTop = top;
  else if (bottom > view.scrollTop + view.clientHeight) view.scrollTop = bottom - view.clientHeight;
};

const tracks = <T,>(columns: Column<T>[]): string => columns.map(({ width }) => width).join(" ");

const sizes = <T,>(columns: Column<T>[], { above, least }: RowsProps<T>): CSSProperties =>
  ({
    "--columns": tracks(columns),
    "--columns-narrow": tracks(columns.filter(({ wide }) => wide !== true)),
    ...(above === undefined ? {} : { "--above": `${above}px` }),
    ...(least === undefined ? {} : { "--least": least }),
  }) as CSSProperties;

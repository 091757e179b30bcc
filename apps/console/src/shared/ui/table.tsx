import type { ReactNode } from "react";
import styles from "./table.module.css";

interface TableProps {
  caption: string;
  head: ReactNode[];
  children: ReactNode;
}

/** A table that scrolls inside itself when the screen is narrow; the scroll region takes keyboard focus. */
export function Table({ caption, head, children }: TableProps): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    <section className={styles.scroll} aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {head.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <th key={at} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

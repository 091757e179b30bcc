import { type ReactNode, useId } from "react";
import styles from "./panel.module.css";

interface PanelProps {
  title: ReactNode;
  /** One quiet sentence under the title. */
  note?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}

export function Panel({ title, note, action, children, flush = false }: PanelProps): ReactNode {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <header className={styles.head}>
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p>{note}</p>}
        </div>
        {action}
      </header>
      <div className={styles.body} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}

import { type ReactNode, useEffect, useRef } from "react";
import styles from "./page.module.css";

interface PageProps {
  title: string;
  /** Shown before the title, for example a pill. */
  badge?: ReactNode;
  lead?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

let last = "";

/** A page names itself in the tab and takes the focus, so that a screen reader hears the change. */
export function Page({ title, badge, lead, action, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Countersign`;
    // Not on the first page: there the browser's own order starts at the top.
    if (last !== "" && last !== title) heading.current?.focus({ preventScroll: true });
    last = title;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.words}>
          <div className={styles.title}>
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {badge}
          </div>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A page before its code is there: it has its title, and leaves the focus to the page itself. */
export function Titled({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.words}>
          <div className={styles.title}>
            <h1>{title}</h1>
          </div>
          <p className={styles.lead}>
            <br />
          </p>
        </div>
      </header>
      {children}
    </div>
  );
}

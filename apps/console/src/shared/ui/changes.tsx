import type { AssetChange } from "@countersign/api";
import type { ReactNode } from "react";
import styles from "./changes.module.css";

const said = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 1));

/** A JSON pointer as people say it: spec.components.0 instead of /spec/components/0. */
const place = (path: string): string =>
  path === ""
    ? "the whole document"
    : path
        .slice(1)
        .split("/")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
        .join(" › ");

/** What stood before and what stands now, place by place. */
export function Changes({ of }: { of: AssetChange[] }): ReactNode {
  return (
    <ul className={styles.changes}>
      {of.map(({ path, before, after }) => (
        <li key={path}>
          <code>{place(path)}</code>
          {before !== undefined && (
            <del>
              <span className="visually-hidden">was </span>
              {said(before)}
            </del>
          )}
          {after !== undefined && (
            <ins>
              <span className="visually-hidden">is now </span>
              {said(after)}
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}

import { ApiError } from "@countersign/api";
import { Button, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { Command } from "./command.js";
import { Notice } from "./notice.js";
import styles from "./state.module.css";

interface Loadable<T> {
  data: T | undefined;
  error: Error | null;
  refetch(): unknown;
}

interface LoadedProps<T> {
  of: Loadable<T>;
  /** Rows that stand in while loading, so that the page does not jump. */
  rows?: number;
  children(data: T): ReactNode;
}

/** Loading, failed or there: the three states that everything asked of the server has. */
export function Loaded<T>({ of, rows = 4, children }: LoadedProps<T>): ReactNode {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <Failure error={of.error} retry={() => of.refetch()} />;
  return <Waiting rows={rows} />;
}

export function Waiting({ rows }: { rows: number }): ReactNode {
  return (
    <div className={styles.loading} aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={row} height={row === 0 ? 20 : 38} width={row === 0 ? "40%" : "100%"} />
      ))}
    </div>
  );
}

interface FailureProps {
  error: Error;
  retry?: () => void;
}

export function Failure({ error, retry }: FailureProps): ReactNode {
  const problem = error instanceof ApiError ? error.problem : undefined;
  return (
    <Notice tone="bad" title={problem?.title ?? "Something went wrong in this page"} role="alert">
      <p>{error.message}</p>
      {problem?.remedy !== undefined && <Command>{problem.remedy}</Command>}
      <div className={styles.foot}>
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {problem !== undefined && (
          <small>
            {problem.code}
            {problem.requestId === "" ? "" : ` · request ${problem.requestId}`}
          </small>
        )}
      </div>
    </Notice>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
}

export function Empty({ title, children }: EmptyProps): ReactNode {
  return (
    <div className={styles.empty}>
      <strong>{title}</strong>
      {children !== undefined && <div>{children}</div>}
    </div>
  );
}

import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useId, useState } from "react";
import styles from "./lineage.module.css";

interface TimeTravelProps {
  /** undefined: as it is now. */
  at: number | undefined;
  /** When the oldest thing in the picture came. */
  since: number;
  onChange(at: number | undefined): void;
}

const DAY = 86_400_000;
const STEPS = 200;
const SETTLE_MS = 250;

const dateOf = (at: number): string => {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** The end of a day, as the reader's clock has it: what came on that day is part of it. */
const endOf = (date: string): number => new Date(`${date}T00:00`).getTime() + DAY - 1;

/** The graph as it was: a slider over its whole history, or a date. */
export function TimeTravel({ at, since, onChange }: TimeTravelProps): ReactNode {
  const id = useId();
  const [now] = useState(() => Date.now());
  const [place, setPlace] = useState<number>();
  const span = Math.max(1, now - since);
  useEffect(() => {
    if (place === undefined) return undefined;
    const timer = setTimeout(() => {
      onChange(place >= STEPS ? undefined : Math.round(since + (span * place) / STEPS));
      setPlace(undefined);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [place, since, span, onChange]);
  const shown = place ?? (at === undefined ? STEPS : ((at - since) / span) * STEPS);
  const moment = place === undefined ? (at ?? now) : since + (span * place) / STEPS;
  return (
    <div className={styles.time}>
      <label htmlFor={id}>As it was on</label>
      <div>
        <input
          id={id}
          type="date"
          value={dateOf(moment)}
          max={dateOf(now)}
          onChange={({ currentTarget: { value } }) => {
            if (value !== "") onChange(endOf(value) >= now ? undefined : endOf(value));
          }}
        />
        <input
          type="range"
          min={0}
          max={STEPS}
          step={1}
          value={Math.max(0, Math.min(STEPS, shown))}
          aria-label="Moment in the history of the graph"
          aria-valuetext={new Date(moment).toLocaleString("en-GB")}
          onChange={({ currentTarget }) => setPlace(Number(currentTarget.value))}
        />
        <Button size="xs" variant="default" disabled={at === undefined} onClick={() => onChange(undefined)}>
          Now
        </Button>
      </div>
    </div>
  );
}

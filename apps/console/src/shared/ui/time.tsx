import type { ReactNode } from "react";

const SHORT = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const OTHER_YEAR = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const LONG = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "long" });

export function Time({ at }: { at: number }): ReactNode {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "–";
  return (
    <time dateTime={date.toISOString()} title={LONG.format(date)} style={{ whiteSpace: "nowrap" }}>
      {(date.getFullYear() === new Date().getFullYear() ? SHORT : OTHER_YEAR).format(date)}
    </time>
  );
}

import { CountersignError } from "@countersign/evidence";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A day means its end, so that everything of that day is in. */
export function momentOf(text: string | undefined): { at?: number } {
  if (text === undefined) return {};
  const at = DAY.test(text)
    ? Date.parse(`${text}T23:59:59.999Z`)
    : TIME.test(text)
      ? Date.parse(text)
      : Number.NaN;
  if (Number.isFinite(at) && at >= 0) return { at };
  throw new CountersignError("usage", `--at takes a day or a time with its zone, not ${text}`, {
    detail: { remedy: "--at 2026-05-01   or   --at 2026-05-01T12:00:00Z" },
  });
}

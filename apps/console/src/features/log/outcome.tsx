import type { ReactNode } from "react";
import { Pill } from "../../shared/ui/pill.js";

const SAID = {
  positive: { tone: "ok", word: "For" },
  negative: { tone: "bad", word: "Against" },
  neutral: { tone: "quiet", word: "Neutral" },
} as const;

/** What an entry means for the bytes it names. */
export function OutcomeMark({ outcome }: { outcome: keyof typeof SAID }): ReactNode {
  const { tone, word } = SAID[outcome];
  return <Pill tone={tone}>{word}</Pill>;
}

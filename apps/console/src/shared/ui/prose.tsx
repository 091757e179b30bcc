import type { ReactNode } from "react";

/** A sentence in which backticks mark code, as scanners and policies write it. */
export function Prose({ children }: { children: string }): ReactNode {
  return children.split(/`([^`]+)`/).map((part, at) => {
    if (at % 2 === 0) return part;
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
    return <code key={at}>{part}</code>;
  });
}

import type { ReactNode } from "react";
import { IconChevron } from "../../shared/ui/icons.js";
import type { Finding } from "./finding.js";
import styles from "./findings.module.css";

interface NestProps {
  file: string;
  location: Finding["location"];
}

/** The file and what lies in what, from the outside in; the last is the byte. */
function layersOf({ file, location: { member, offset } }: NestProps): string[] {
  const layers = [file, ...(member === undefined || member === "" ? [] : member.split("!"))];
  return offset === undefined ? layers : [...layers, `byte ${offset.toLocaleString("en-GB")}`];
}

/** A picture of containers in containers: each step to the right is one further in. */
export function Nest(props: NestProps): ReactNode {
  return (
    <ol className={styles.nest}>
      {layersOf(props).map((name, depth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two layers may have the same name, and they never move
        <li key={depth}>
          {depth > 0 && <IconChevron size={12} />}
          <code>{name}</code>
        </li>
      ))}
    </ol>
  );
}

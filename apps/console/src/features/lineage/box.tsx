import { type KeyboardEvent, memo, type ReactNode } from "react";
import { KindIcon } from "../../shared/graph/icon.js";
import { countWords, nodeName, nodeStatus, nodeWords, typeWords } from "../../shared/graph/words.js";
import { count } from "../../shared/ui/format.js";
import type { Item } from "./collapse.js";
import styles from "./lineage.module.css";
import { BOX } from "./use-layout.js";

const WORDS = 18;
const SMALL = 24;
const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

const statusOf = ({ members }: Item): string => {
  const said = members.map(({ status }) => status ?? "");
  if (said.includes("contained")) return "contained";
  return said.every((one) => one === said[0]) ? (said[0] ?? "") : "";
};

const groupWords = (item: Item, names: number): string => {
  if (item.name !== "") return item.name;
  if (item.id.startsWith("rest ")) return "not shown yet";
  if (item.type === "external") return "not declared";
  return item.type === "version" ? `of ${count(names, item.kind.toLowerCase())}` : "open to see each";
};

/** The two lines of a box. */
const linesOf = (item: Item): [string, string] => {
  const [first] = item.members;
  if (item.members.length === 1 && first !== undefined) return [nodeName(first), nodeWords(first)];
  const contained = item.members.filter(({ status }) => status === "contained").length;
  const names = new Set(item.members.map(({ name }) => name)).size;
  const below = contained > 0 ? `${contained} contained` : groupWords(item, names);
  return [countWords(item.members.length, item.type, item.kind), below];
};

interface BoxProps {
  item: Item;
  x: number;
  y: number;
  /** How many of its members lie on the path that is highlighted; undefined when none is. */
  onPath: number | undefined;
  selected: boolean;
  focusable: boolean;
  links: string;
  onChoose(item: Item): void;
  onKey(item: Item, event: KeyboardEvent): void;
  /** It was reached by keyboard, and has to be in sight. */
  onReach(item: Item): void;
}

export const Box = memo(function Box(props: BoxProps): ReactNode {
  const { item, x, y, onPath, selected, focusable, links, onChoose, onKey, onReach } = props;
  const [name, below] = linesOf(item);
  const status = statusOf(item);
  const many = item.members.length > 1;
  const said = [
    name,
    below,
    status === "" ? "" : nodeStatus(status).word,
    many && onPath !== undefined && onPath > 0 ? `${onPath} on the path` : "",
    links,
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture has no buttons of its own
    <g
      className={styles.box}
      role="button"
      tabIndex={focusable ? 0 : -1}
      data-box={item.id}
      data-many={many || undefined}
      data-tone={status === "" ? undefined : nodeStatus(status).tone}
      data-selected={selected || undefined}
      data-off={onPath === 0 || undefined}
      aria-label={said.filter((word) => word !== "").join(", ")}
      {...(many ? { "aria-expanded": false } : { "aria-pressed": selected })}
      transform={`translate(${x - BOX.width / 2} ${y - BOX.height / 2})`}
      onClick={() => onChoose(item)}
      onKeyDown={(event) => onKey(item, event)}
      onFocus={({ currentTarget }) => currentTarget.matches(":focus-visible") && onReach(item)}
    >
      <title>{`${name}\n${item.name || typeWords(item.type, item.kind, many)}`}</title>
      {many && <rect className={styles.behind} x="5" y="5" width={BOX.width} height={BOX.height} rx="9" />}
      <rect className={styles.card} width={BOX.width} height={BOX.height} rx="9" />
      <g className={styles.mark} transform="translate(10 15)">
        <KindIcon type={item.type} kind={item.kind} size={18} />
      </g>
      <text x="36" y="20" className={styles.name}>
        {clip(name, WORDS)}
      </text>
      <text x="36" y="37" className={styles.below}>
        {many && onPath !== undefined && onPath > 0 ? `${onPath} on the path` : clip(below, SMALL)}
      </text>
    </g>
  );
});

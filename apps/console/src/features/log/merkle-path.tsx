import type { ReactNode } from "react";
import { fromBase64, toHex } from "../../shared/proof/encoding.js";
import type { Climb, Level } from "../../shared/proof/inclusion.js";
import styles from "./log.module.css";

const WIDTH = 720;
const CENTRE = WIDTH / 2;
const STEP = 62;
const BOX = { width: 132, height: 30 };
const GAP = 176;

const hex = (base64: string): string => `${toHex(fromBase64(base64)).slice(0, 10)}…`;

interface MerklePathProps {
  climb: Climb;
  index: number;
  size: number;
}

/** The way from the leaf up to the signed root: at each level our hash and the one beside it make the next. */
export function MerklePath({ climb, index, size }: MerklePathProps): ReactNode {
  const height = climb.levels.length * STEP + BOX.height + 12;
  const top = (level: number): number => height - 6 - BOX.height - level * STEP;
  const last = climb.levels.length;
  const story = `Entry ${index} and ${last} sibling hashes ${climb.proven ? "lead" : "do not lead"} to the signed root of ${size} entries.`;
  return (
    <div className={styles.picture}>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} role="img" aria-label={story}>
        {climb.levels.map((level, at) => (
          <Pair key={`${level.sibling}${level.side}`} level={level} y={top(at)} above={top(at + 1)} />
        ))}
        {climb.levels.map((level, at) => (
          <Box
            key={`${level.node}${level.side}`}
            x={CENTRE - BOX.width / 2}
            y={top(at)}
            text={hex(level.node)}
            kind="ours"
            note={at === 0 ? `entry ${index}` : ""}
            noteLeft={level.side === "right"}
          />
        ))}
        <Box
          x={CENTRE - BOX.width / 2}
          y={top(last)}
          text={hex(climb.root)}
          kind={climb.proven ? "root" : "wrong"}
          note={climb.proven ? "equals the signed root" : "is not the signed root"}
        />
      </svg>
    </div>
  );
}

function Pair({ level, y, above }: { level: Level; y: number; above: number }): ReactNode {
  const x = level.side === "left" ? CENTRE - GAP : CENTRE + GAP;
  const bend = (y + above + BOX.height) / 2;
  return (
    <g>
      <path
        d={`M${CENTRE} ${y} V${above + BOX.height} M${x} ${y} V${bend} H${CENTRE}`}
        fill="none"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
      />
      <Box x={x - BOX.width / 2} y={y} text={hex(level.sibling)} kind="sibling" note="" />
    </g>
  );
}

const FILL = {
  ours: "var(--info-soft)",
  sibling: "var(--sunken)",
  root: "var(--ok-soft)",
  wrong: "var(--bad-soft)",
};
const STROKE = {
  ours: "var(--info-line)",
  sibling: "var(--line)",
  root: "var(--ok-line)",
  wrong: "var(--bad-line)",
};
const INK = { ours: "var(--info)", sibling: "var(--dim)", root: "var(--ok)", wrong: "var(--bad)" };

interface BoxProps {
  x: number;
  y: number;
  text: string;
  kind: keyof typeof FILL;
  note: string;
  noteLeft?: boolean;
}

function Box({ x, y, text, kind, note, noteLeft = false }: BoxProps): ReactNode {
  return (
    <g>
      <rect
        x={x}
        y={y}
        width={BOX.width}
        height={BOX.height}
        rx="6"
        fill={FILL[kind]}
        stroke={STROKE[kind]}
      />
      <text
        x={x + BOX.width / 2}
        y={y + 19.5}
        textAnchor="middle"
        fontSize="12"
        fontFamily="var(--mantine-font-family-monospace)"
        fill={INK[kind]}
      >
        {text}
      </text>
      {note !== "" && (
        <text
          x={noteLeft ? x - 10 : x + BOX.width + 10}
          y={y + 19.5}
          textAnchor={noteLeft ? "end" : "start"}
          fontSize="12"
          fill={INK[kind]}
        >
          {note}
        </text>
      )}
    </g>
  );
}

import type { Io } from "../io.js";
import { safe } from "./safe.js";

const REDRAW_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

type Unit = "bytes" | "files" | "entries";

export interface Progress {
  /** A total of 0 means that it is not known yet. */
  update(step: string, done: number, total: number, unit?: Unit): void;
  finish(): void;
}

/** One line on standard error that is redrawn, and only where a person watches. */
export function createProgress(io: Io, live: boolean): Progress {
  if (!live) return { update: () => {}, finish: () => {} };
  let drawnAt = 0;
  let current = "";
  let startedAt = io.clock();
  return {
    update(step, done, total, unit = "bytes") {
      const now = io.clock();
      if (step !== current) {
        current = step;
        startedAt = now;
      } else if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const line = safe`${describe({ step, done, total, unit }, now - startedAt)}`.plain;
      io.stderr.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, (io.stderr.columns || 80) - 1))}`);
    },
    finish() {
      if (drawnAt !== 0) io.stderr.write(CLEAR_LINE);
      drawnAt = 0;
    },
  };
}

interface Moment {
  step: string;
  done: number;
  total: number;
  unit: Unit;
}

function describe({ step, done, total, unit }: Moment, elapsed: number): string {
  const amount = (value: number): string =>
    unit === "bytes" ? formatBytes(value) : String(Math.floor(value));
  const what = unit === "bytes" ? "" : ` ${unit}`;
  if (total <= 0) return `${step}  ${amount(done)}${what}`;
  const percent = `${String(Math.floor(Math.min(1, done / total) * 100)).padStart(3)}%`;
  const start = `${step}  ${amount(done)} of ${amount(total)}${what}  ${percent}`;
  if (elapsed < 500 || done === 0) return start;
  const rate = done / (elapsed / 1000);
  return `${start}  ${amount(rate)}/s  ${formatSeconds((total - done) / rate)} left`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function counted(count: number, noun: string, many: string = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

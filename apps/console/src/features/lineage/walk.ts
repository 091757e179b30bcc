import type { Arranged } from "./use-layout.js";

export type Way = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

export const isWay = (key: string): key is Way => key.startsWith("Arrow");

/** The box that an arrow key leads to: along a line if there is one, else the nearest that way. */
export const walk = (
  { layout: { boxes }, shown: { links } }: Arranged,
  from: string,
  way: Way,
): string | undefined => {
  const here = boxes[from];
  if (here === undefined) return undefined;
  const along =
    way === "ArrowRight"
      ? links.filter((link) => link.from === from).map(({ to }) => to)
      : way === "ArrowLeft"
        ? links.filter((link) => link.to === from).map((link) => link.from)
        : [];
  const ahead = (id: string): boolean => {
    const { x = 0, y = 0 } = boxes[id] ?? {};
    const sideways = Math.abs(x - here.x) < 60;
    if (way === "ArrowRight") return x > here.x + 1;
    if (way === "ArrowLeft") return x < here.x - 1;
    return sideways && (way === "ArrowDown" ? y > here.y + 1 : y < here.y - 1);
  };
  const distance = (id: string): number => {
    const { x = 0, y = 0 } = boxes[id] ?? {};
    return Math.hypot(x - here.x, (y - here.y) * 2);
  };
  const choices = along.length > 0 ? along : Object.keys(boxes).filter((id) => id !== from && ahead(id));
  return choices.sort((a, b) => distance(a) - distance(b))[0];
};

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./app.css", import.meta.url), "utf8");
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name ?? "", [light ?? "", dark ?? ""] as const],
  ),
);

/** Relative luminance of WCAG 2. */
const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

const PAIRS = [
  ...["text", "dim", "link"].flatMap((ink) => ["canvas", "surface", "sunken"].map((paper) => [ink, paper])),
  ...["ok", "bad", "wait", "info"].flatMap((tone) => [
    [tone, `${tone}-soft`],
    [tone, "surface"],
    [tone, "sunken"],
    ["text", `${tone}-soft`],
  ]),
  ...Array.from({ length: 10 }, (_, at) => [`series-${at + 1}`, "surface"]),
];

describe.each(["light", "dark"])("text on the %s scheme", (scheme) => {
  it.each(PAIRS)("%s on %s is readable (4.5:1)", (ink = "", paper = "") => {
    const at = scheme === "light" ? 0 : 1;
    expect(contrast(colours.get(ink)?.[at] ?? "", colours.get(paper)?.[at] ?? "")).toBeGreaterThanOrEqual(
      4.5,
    );
  });
});

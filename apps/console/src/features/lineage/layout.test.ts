import { describe, expect, it } from "vitest";
import { layout } from "./layout.js";

const box = (id: string) => ({ id, width: 200, height: 48 });

describe("the layout", () => {
  it("puts what flows later further right", () => {
    const { boxes, lines } = layout(
      [box("data"), box("run"), box("model")],
      [
        { from: "data", to: "run" },
        { from: "run", to: "model" },
      ],
    );
    expect(boxes.data?.x).toBeLessThan(boxes.run?.x ?? 0);
    expect(boxes.run?.x).toBeLessThan(boxes.model?.x ?? 0);
    expect(lines.every(({ points }) => points.length >= 2)).toBe(true);
  });

  it("comes to an end on a cycle, and lets no two boxes overlap", () => {
    const ids = ["a", "b", "c", "d"];
    const { boxes } = layout(
      ids.map(box),
      ids.map((from, at) => ({ from, to: ids[(at + 1) % ids.length] ?? "a" })),
    );
    const places = ids.map((id) => boxes[id] ?? { x: 0, y: 0 });
    for (const [at, one] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        expect(Math.abs(one.x - other.x) >= 200 || Math.abs(one.y - other.y) >= 48).toBe(true);
      }
    }
  });
});

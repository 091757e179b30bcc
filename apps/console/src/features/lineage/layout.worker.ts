import { type Box, type Line, layout } from "./layout.js";

// Arranging a large picture takes longer than a page may stand still.
addEventListener("message", ({ data }: MessageEvent<{ id: number; boxes: Box[]; lines: Line[] }>) => {
  try {
    postMessage({ id: data.id, layout: layout(data.boxes, data.lines) });
  } catch (error) {
    postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
  }
});

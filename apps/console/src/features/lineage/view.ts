import { type RefObject, useCallback, useEffect, useMemo, useRef } from "react";

interface Point {
  x: number;
  y: number;
}

interface Place extends Point {
  k: number;
}

const LEAST = 0.12;
const MOST = 2.5;
const MARGIN = 24;
/** Smaller than this, words can no longer be read: then the picture starts at its focus instead of as a whole. */
const READABLE = 0.72;

export interface View {
  zoom(factor: number): void;
  fit(): void;
  /** Moves just enough that a point is in sight, and not under what covers the right of the picture. */
  reveal(point: Point, covered?: number): void;
  /** Puts a point into the middle, as large as it is now. */
  centre(point: Point): void;
  /** The whole picture if it can be read so, else its surroundings of a point. */
  start(at: Point | undefined): void;
}

interface Refs {
  frame: RefObject<SVGSVGElement | null>;
  scene: RefObject<SVGGElement | null>;
}

const within = (value: number): number => Math.min(MOST, Math.max(LEAST, value));

/** Moving and zooming writes one attribute: React draws nothing again for it. */
export const useView = ({ frame, scene }: Refs, size: { width: number; height: number }): View => {
  const place = useRef<Place>({ x: 0, y: 0, k: 1 });
  const put = useCallback(
    (next: Place) => {
      place.current = next;
      scene.current?.setAttribute("transform", `translate(${next.x} ${next.y}) scale(${next.k})`);
    },
    [scene],
  );
  const zoomAt = useCallback(
    (factor: number, { x, y }: Point) => {
      const { x: left, y: top, k } = place.current;
      const to = within(k * factor);
      put({ k: to, x: x - ((x - left) * to) / k, y: y - ((y - top) * to) / k });
    },
    [put],
  );
  useEffect(() => listen(frame.current, place, put, zoomAt), [frame, put, zoomAt]);
  const { width, height } = size;
  return useMemo(() => {
    const box = (): { width: number; height: number } => {
      const { clientWidth = 1, clientHeight = 1 } = frame.current ?? {};
      return { width: clientWidth, height: clientHeight };
    };
    const whole = (): number =>
      Math.min(1, (box().width - MARGIN) / Math.max(1, width), (box().height - MARGIN) / Math.max(1, height));
    const middle = (k: number): Place => ({
      k,
      x: (box().width - width * k) / 2,
      y: (box().height - height * k) / 2,
    });
    const around = ({ x, y }: Point, k: number): Place => ({
      k,
      x: box().width / 2 - x * k,
      y: box().height / 2 - y * k,
    });
    return {
      zoom: (factor) => zoomAt(factor, { x: box().width / 2, y: box().height / 2 }),
      fit: () => put(middle(within(whole()))),
      start: (at) =>
        put(
          whole() >= READABLE || at === undefined
            ? middle(within(Math.max(whole(), READABLE)))
            : around(at, READABLE + 0.18),
        ),
      centre: (point) => put(around(point, place.current.k)),
      reveal: ({ x, y }, covered = 0) => {
        const { x: left, y: top, k } = place.current;
        const [at, down] = [left + x * k, top + y * k];
        const edge = 90;
        const dx = Math.max(edge - at, 0) + Math.min(box().width - covered - edge - at, 0);
        const dy = Math.max(edge / 2 - down, 0) + Math.min(box().height - edge / 2 - down, 0);
        if (dx !== 0 || dy !== 0) put({ x: left + dx, y: top + dy, k });
      },
    };
  }, [frame, put, zoomAt, width, height]);
};

type Put = (next: Place) => void;
type ZoomAt = (factor: number, at: Point) => void;

/** Drag moves, the wheel zooms, two fingers do both. */
const listen = (
  frame: SVGSVGElement | null,
  place: RefObject<Place>,
  put: Put,
  zoomAt: ZoomAt,
): (() => void) | undefined => {
  if (frame === null) return undefined;
  const fingers = new Map<number, Point>();
  const inside = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = frame.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const spread = (): number => {
    const [one, other] = [...fingers.values()];
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y);
  };
  const down = (event: PointerEvent): void => void fingers.set(event.pointerId, inside(event));
  const move = (event: PointerEvent): void => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    // A finger that only taps a box must not lose it to the picture.
    if (!frame.hasPointerCapture(event.pointerId)) {
      const { x, y } = inside(event);
      if (Math.hypot(x - before.x, y - before.y) < 4) return;
      frame.setPointerCapture(event.pointerId);
    }
    const was = spread();
    const now = inside(event);
    fingers.set(event.pointerId, now);
    if (fingers.size === 1) {
      const { x, y, k } = place.current;
      put({ x: x + now.x - before.x, y: y + now.y - before.y, k });
    } else if (was > 0) zoomAt(spread() / was, now);
  };
  const up = ({ pointerId }: PointerEvent): void => void fingers.delete(pointerId);
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), inside(event));
  };
  const stop = new AbortController();
  const { signal } = stop;
  frame.addEventListener("pointerdown", down, { signal });
  frame.addEventListener("pointermove", move, { signal });
  frame.addEventListener("pointerup", up, { signal });
  frame.addEventListener("pointercancel", up, { signal });
  frame.addEventListener("pointerleave", up, { signal });
  frame.addEventListener("wheel", wheel, { signal, passive: false });
  return () => stop.abort();
};

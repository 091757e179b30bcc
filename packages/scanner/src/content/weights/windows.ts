import type { Tensor } from "./tensor.js";

/** A stretch of a tensor that is looked at. */
interface Window {
  /** From the tensor's beginning. */
  at: number;
  length: number;
}

export interface Sampled {
  tensor: Tensor;
  windows: Window[];
}

const WINDOW = 16 * 1024;
const LEAST = 4096;
const MAX_TENSORS = 2048;

/**
 * Spreads `budget` bytes over the tensors: each gets its beginning, where programs are hidden, and windows at even
 * distances by its share of all bytes. Everything is looked at where the budget allows it.
 */
export function spread(tensors: readonly Tensor[], budget: number): Sampled[] {
  const total = tensors.reduce((sum, { length }) => sum + length, 0);
  if (total <= budget) return tensors.map((tensor) => ({ tensor, windows: whole(tensor) }));
  const step = Math.max(1, Math.ceil(tensors.length / MAX_TENSORS));
  const chosen = tensors.filter((_, index) => index % step === 0);
  const share = budget / chosen.reduce((sum, { length }) => sum + length, 0);
  return chosen.map((tensor) => ({ tensor, windows: some(tensor, share) }));
}

const WHOLE = 4 * 1024 * 1024;

function whole({ length }: Tensor): Window[] {
  const windows: Window[] = [];
  for (let at = 0; at < length; at += WHOLE) windows.push({ at, length: Math.min(WHOLE, length - at) });
  return windows;
}

function some({ length }: Tensor, share: number): Window[] {
  const wanted = Math.max(LEAST, length * share);
  if (wanted >= length) return [{ at: 0, length }];
  const size = Math.min(WINDOW, wanted);
  const count = Math.max(1, Math.floor(wanted / size));
  const windows: Window[] = [];
  for (let i = 0; i < count; i++) {
    // Windows begin at whole numbers of eight bytes, so that they hold whole elements.
    const at = Math.floor(((length - size) * i) / Math.max(1, count - 1) / 8) * 8;
    windows.push({ at, length: Math.floor(size / 8) * 8 });
  }
  return windows;
}

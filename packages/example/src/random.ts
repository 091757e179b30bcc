/** A seeded source of numbers: the same seed gives the same example on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal, near enough: twelve uniforms, summed. Sines and logarithms differ between builds of Node. */
  normal(): number;
  /** An index in [0, count). */
  below(count: number): number;
}

/** Mulberry32: 32 bits of state are plenty for a few thousand rows; it is not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => {
    let sum = -6;
    for (let draw = 0; draw < 12; draw++) sum += uniform();
    return sum;
  };
  return { uniform, normal, below: (count) => Math.floor(uniform() * count) };
}

/** Fisher-Yates on a copy. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [copy[last] as T, copy[other] as T];
    copy[last] = b;
    copy[other] = a;
  }
  return copy;
}

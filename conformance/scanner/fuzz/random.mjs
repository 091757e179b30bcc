/** xorshift32: repeatable without a dependency. */
export class Random {
  constructor(seed) {
    this.state = (seed * 2654435761) >>> 0 || 1;
  }

  next() {
    let { state } = this;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state >>> 0;
    return this.state;
  }

  below(limit) {
    return limit <= 1 ? 0 : this.next() % limit;
  }

  chance(one) {
    return this.next() % one === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

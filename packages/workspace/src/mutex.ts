/** A lock that many may share or one may hold alone, in the order asked. */
export class Mutex {
  #sharers = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();

  shared<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    const settled = run.catch(() => {});
    this.#sharers.add(settled);
    void settled.then(() => this.#sharers.delete(settled));
    return run;
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const before = [this.#last, ...this.#sharers];
    const run = Promise.all(before).then(work);
    this.#last = run.catch(() => {});
    return run;
  }
}

/**
 * How much work is under way, and when none is. Counts only: a set that is added to and deleted from
 * with every call leaves old tables behind it, which keep what was in them from the young generation's
 * collector, and with it everything that a call has made.
 */
export class WorkCount {
  #underWay = 0;
  #awaited: PromiseWithResolvers<void> | undefined;

  get underWay(): number {
    return this.#underWay;
  }

  begin(): void {
    this.#underWay++;
  }

  end(): void {
    this.#underWay--;
    if (this.#underWay > 0 || this.#awaited === undefined) return;
    this.#awaited.resolve();
    this.#awaited = undefined;
  }

  /** Ends when nothing is under way. */
  none(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    this.#awaited ??= Promise.withResolvers<void>();
    return this.#awaited.promise;
  }
}

/**
 * Turns of the event loop. Calls that come in one turn start together at its end: they go on step by step, one beside the
 * other, and what a step needs of the processor's caches is there for all but the first. Answers that are there at once
 * are written together at their turn's end: whoever waits for them is woken once, which costs more than to write, and not
 * for each.
 */
export class Turns {
  #starts: (() => void)[] = [];
  #number = 0;
  #end: PromiseWithResolvers<void> | undefined;

  /** Calls `go` at the end of the turn under way. */
  start(go: () => void): void {
    if (this.#starts.push(go) === 1) setImmediate(() => this.#startAll());
  }

  /** The number of the turn under way. */
  begin(): number {
    if (this.#end === undefined) {
      const end = (this.#end = Promise.withResolvers<void>());
      setImmediate(() => {
        this.#number++;
        this.#end = undefined;
        end.resolve();
      });
    }
    return this.#number;
  }

  #startAll(): void {
    const starts = this.#starts;
    this.#starts = [];
    for (const go of starts) go();
  }

  /** The end of turn `number`; `undefined`: it is over. */
  endOf(number: number): Promise<void> | undefined {
    return number === this.#number ? this.#end?.promise : undefined;
  }
}

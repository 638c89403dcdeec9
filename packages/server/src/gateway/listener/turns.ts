/**
 * Turns of the event loop. Answers that are there at once are written together at their turn's end: whoever waits for them
 * is woken once, which costs more than to write, and not for each.
 */
export class Turns {
  #number = 0;
  #end: PromiseWithResolvers<void> | undefined;

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

  /** The end of turn `number`; `undefined`: it is over. */
  endOf(number: number): Promise<void> | undefined {
    return number === this.#number ? this.#end?.promise : undefined;
  }
}

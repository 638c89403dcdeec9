import type { Soon } from "../kernel/soon.ts";

/** Those who stand in it go one after the other, in the order they came. */
export class Line {
  #isTaken = false;
  readonly #waiting: (() => void)[] = [];

  /** At once where nobody is before. */
  enter(): Soon<void> {
    if (this.#isTaken) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    return undefined;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

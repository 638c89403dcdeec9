/** A value, or the promise of one where it has to be waited for: a wait costs more than most steps of a call. */
export type Soon<T> = T | Promise<T>;

/** `use` of the value: now if it is there. */
export function whenThere<T, U>(soon: Soon<T>, use: (value: T) => Promise<U>): Promise<U>;
export function whenThere<T, U>(soon: Soon<T>, use: (value: T) => Soon<U>): Soon<U>;
export function whenThere<T, U>(soon: Soon<T>, use: (value: T) => Soon<U>): Soon<U> {
  return soon instanceof Promise ? soon.then(use) : use(soon);
}

/** One step after the other: those that are done at once are not waited for. */
export function inTurn(steps: readonly (() => Soon<void>)[], from = 0): Soon<void> {
  for (const [at, step] of steps.entries()) {
    if (at < from) continue;
    const running = step();
    if (running instanceof Promise) return running.then(() => inTurn(steps, at + 1));
  }
  return undefined;
}

/**
 * What a call asks of something foreign in the midst of its transaction: that is undone, the question put with none open,
 * and the transaction run again, which then finds the answer where it asked.
 */
import { wakeAfter } from "../clock/pause.ts";
import { assert } from "../kernel/assert.ts";
import { AwsError } from "../kernel/aws-error.ts";
import type { AsideWork, Context } from "../service/context.ts";

type Told = { readonly answer: string } | { readonly error: AwsError };

/** More than any call asks: one that asks anew each time would never end. */
const ASIDES_MAX = 20;

/** Undoes the transaction in which something is asked. */
export class Aside extends Error {
  override readonly name = "Aside";
  readonly about: string;
  readonly work: AsideWork;

  constructor(about: string, work: AsideWork) {
    super("a transaction is undone for what it asks");
    this.about = about;
    this.work = work;
  }
}

/** Those of one call. */
export class Asides {
  readonly #told = new Map<string, Told>();
  readonly #lasting = new Map<string, string>();
  #thereafter: AsideWork[] = [];

  /** @throws {Aside} where nothing is known yet; what the work threw where it did */
  answerTo(about: string, work: AsideWork): string {
    const told = this.#told.get(about);
    if (told === undefined) throw new Aside(about, work);
    if ("error" in told) throw told.error;
    return told.answer;
  }

  lasting(about: string, value: string): string {
    const first = this.#lasting.get(about) ?? value;
    this.#lasting.set(about, first);
    return first;
  }

  thereafter(work: AsideWork): void {
    this.#thereafter.push(work);
  }

  /** An attempt at the transaction begins: what one before it wanted is forgotten, what it was told is not. */
  begin(): void {
    this.#thereafter = [];
  }

  /** Does what an attempt asked. */
  async settle({ about, work }: Aside, context: Context): Promise<void> {
    assert(this.#told.size < ASIDES_MAX, "a call comes to an end of its questions");
    try {
      this.#told.set(about, { answer: await within(work, () => work.ask(context)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.#told.set(about, { error });
    }
  }

  /** Does what was to be done once the transaction is through. */
  async end(context: Context): Promise<void> {
    const all = this.#thereafter;
    this.#thereafter = [];
    for (const work of all) await within(work, () => work.ask(context));
  }
}

/**
 * Runs `attempt` until it has been told all that it asks.
 * `outside` is a context with no transaction open.
 */
export async function withAsides<Done>(
  asides: Asides,
  outside: () => Context,
  attempt: () => Promise<Done>,
): Promise<Done> {
  for (;;) {
    asides.begin();
    try {
      const done = await attempt();
      await asides.end(outside());
      return done;
    } catch (error) {
      if (!(error instanceof Aside)) throw error;
      await asides.settle(error, outside());
    }
  }
}

/** Asks as often as it may take too long. */
export async function within(work: Omit<AsideWork, "ask">, ask: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const late = Promise.withResolvers<undefined>();
    const stopWaiting = wakeAfter(work.secondsMax * 1000, () => late.resolve(undefined));
    const answer = await Promise.race([ask(), late.promise]).finally(stopWaiting);
    if (answer !== undefined) return answer;
    if (attempt >= work.attemptsMax) throw work.tooLate();
  }
}

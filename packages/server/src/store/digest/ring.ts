/**
 * A body's way to another thread: slots of shared memory that one thread fills and the other empties,
 * in turn. The emptying thread blocks while there is nothing, the filling one waits without blocking
 * while there is no room.
 */
import { assert } from "../../kernel/assert.ts";

export const SLOT_BYTES = 65_536;
const SLOTS = 16;
/** An answer is a few sums. */
const ANSWER_BYTES = 1024;

/** Places in `counters`. How many slots were filled and emptied, and questions answered, since the beginning. */
const FILLED = 0;
const EMPTIED = 1;
const ANSWERED = 2;
/** The length of the answer. */
const ANSWER_LENGTH = 3;
const COUNTERS = 4;

/** What a slot holds. */
const BYTES = 0;
const BEGIN = 1;
const END = 2;

type Meaning = typeof BYTES | typeof BEGIN | typeof END;

/** The memory that both threads see. */
export interface SharedRing {
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** What each slot holds. */
  readonly meanings: Int32Array<SharedArrayBuffer>;
  /** How many bytes each slot holds. */
  readonly lengths: Int32Array<SharedArrayBuffer>;
  readonly slots: Uint8Array<SharedArrayBuffer>;
  readonly answer: Uint8Array<SharedArrayBuffer>;
}

export const newRing = (): SharedRing => ({
  counters: new Int32Array(new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT)),
  meanings: new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)),
  lengths: new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)),
  slots: new Uint8Array(new SharedArrayBuffer(SLOTS * SLOT_BYTES)),
  answer: new Uint8Array(new SharedArrayBuffer(ANSWER_BYTES)),
});

const slotAt = ({ slots }: SharedRing, place: number): Uint8Array =>
  slots.subarray(place * SLOT_BYTES, (place + 1) * SLOT_BYTES);

/** The end of a ring that never blocks. */
export class RingFiller {
  readonly #ring: SharedRing;
  #filled = 0;
  #failure: Error | undefined;

  constructor(ring: SharedRing) {
    this.#ring = ring;
  }

  /** Whether nobody empties the ring any more. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Nobody empties the ring any more: whoever waits for it is told so. */
  fail(error: Error): void {
    this.#failure = error;
    Atomics.notify(this.#ring.counters, EMPTIED);
    Atomics.notify(this.#ring.counters, ANSWERED);
  }

  begin(text: string): Promise<void> {
    return this.#send(BEGIN, Buffer.from(text));
  }

  /** `undefined` where all of `bytes` found room at once. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.byteLength > SLOT_BYTES || this.#full()) return this.#addInTurn(bytes);
    this.#put(BYTES, bytes);
    return undefined;
  }

  /** Gives what the other end answers. */
  async end(): Promise<string> {
    const { counters, answer } = this.#ring;
    const answered = Atomics.load(counters, ANSWERED);
    await this.#send(END, new Uint8Array());
    await Atomics.waitAsync(counters, ANSWERED, answered).value;
    this.#requireEmptied();
    return Buffer.from(answer.subarray(0, Atomics.load(counters, ANSWER_LENGTH))).toString();
  }

  async #addInTurn(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; at += SLOT_BYTES) {
      await this.#send(BYTES, bytes.subarray(at, at + SLOT_BYTES));
    }
  }

  async #send(meaning: Meaning, bytes: Uint8Array): Promise<void> {
    while (this.#full()) {
      this.#requireEmptied();
      await Atomics.waitAsync(this.#ring.counters, EMPTIED, this.#filled - SLOTS).value;
    }
    this.#requireEmptied();
    this.#put(meaning, bytes);
  }

  /** @throws what ended the other side. */
  #requireEmptied(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #full(): boolean {
    return this.#filled - Atomics.load(this.#ring.counters, EMPTIED) >= SLOTS;
  }

  #put(meaning: Meaning, bytes: Uint8Array): void {
    const { counters, meanings, lengths } = this.#ring;
    const place = this.#filled % SLOTS;
    slotAt(this.#ring, place).set(bytes);
    meanings[place] = meaning;
    lengths[place] = bytes.byteLength;
    this.#filled++;
    Atomics.store(counters, FILLED, this.#filled);
    Atomics.notify(counters, FILLED);
  }
}

export type Delivery =
  | { readonly kind: "begin"; readonly text: string }
  /** Good until the next delivery. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end" };

/** The end of a ring that blocks its thread while there is nothing. */
export class RingEmptier {
  readonly #ring: SharedRing;
  #emptied = 0;
  #holding = false;

  constructor(ring: SharedRing) {
    this.#ring = ring;
  }

  take(): Delivery {
    this.#release();
    const { counters, meanings, lengths } = this.#ring;
    while (Atomics.load(counters, FILLED) === this.#emptied) Atomics.wait(counters, FILLED, this.#emptied);
    this.#holding = true;
    const place = this.#emptied % SLOTS;
    const bytes = slotAt(this.#ring, place).subarray(0, lengths[place]);
    if (meanings[place] === BYTES) return { kind: "bytes", bytes };
    return meanings[place] === END ? { kind: "end" } : { kind: "begin", text: Buffer.from(bytes).toString() };
  }

  answer(text: string): void {
    const { counters, answer } = this.#ring;
    const bytes = Buffer.from(text);
    assert(bytes.byteLength <= ANSWER_BYTES, "an answer fits");
    answer.set(bytes);
    Atomics.store(counters, ANSWER_LENGTH, bytes.byteLength);
    Atomics.add(counters, ANSWERED, 1);
    Atomics.notify(counters, ANSWERED);
  }

  #release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.#emptied++;
    Atomics.store(this.#ring.counters, EMPTIED, this.#emptied);
    Atomics.notify(this.#ring.counters, EMPTIED);
  }
}

/**
 * The way of bodies to another thread: slots of shared memory that one thread fills and the other empties, in turn. The
 * emptying thread blocks while there is nothing, the filling one waits without blocking while there is no room.
 */
import type { DigestAlgorithm } from "../../kernel/digest.ts";

export const SLOT_BYTES = 65_536;
const SLOTS = 32;
/** Whoever waits for room is woken when so many slots are left to empty: each waking costs more than a slot's work. */
const WAKING_SLOTS = SLOTS / 2;

/** Places in `counters`. How many slots were filled and emptied since the beginning. */
const FILLED = 0;
const EMPTIED = 1;
const COUNTERS = 2;

/** What a slot holds. */
const BYTES = 0;
const BEGIN = 1;
const END = 2;
const DROP = 3;

type Meaning = typeof BYTES | typeof BEGIN | typeof END | typeof DROP;

/** The memory that both threads see. */
export interface SharedRing {
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** What each slot holds. */
  readonly meanings: Int32Array<SharedArrayBuffer>;
  /** Which body each slot is about. */
  readonly bodies: Int32Array<SharedArrayBuffer>;
  /** How many bytes each slot holds. */
  readonly lengths: Int32Array<SharedArrayBuffer>;
  readonly slots: Uint8Array<SharedArrayBuffer>;
}

const integers = (count: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));

export const newRing = (): SharedRing => ({
  counters: integers(COUNTERS),
  meanings: integers(SLOTS),
  bodies: integers(SLOTS),
  lengths: integers(SLOTS),
  slots: new Uint8Array(new SharedArrayBuffer(SLOTS * SLOT_BYTES)),
});

const slotAt = ({ slots }: SharedRing, place: number): Uint8Array =>
  slots.subarray(place * SLOT_BYTES, (place + 1) * SLOT_BYTES);

const NOTHING = new Uint8Array();

/** The end of a ring that never blocks. Bodies are told apart by numbers; who finds no room waits behind those who wait already. */
export class RingFiller {
  readonly #ring: SharedRing;
  #filled = 0;
  #failure: Error | undefined;
  #waiting = 0;
  /** Settles when the last of those who wait has had its turn. */
  #last: Promise<void> = Promise.resolve();

  constructor(ring: SharedRing) {
    this.#ring = ring;
  }

  /** Nobody empties the ring any more: whoever waits for it is told so. */
  fail(error: Error): void {
    this.#failure = error;
    Atomics.notify(this.#ring.counters, EMPTIED);
  }

  async begin(body: number, algorithms: readonly DigestAlgorithm[]): Promise<void> {
    await this.#send(body, BEGIN, Buffer.from(JSON.stringify(algorithms)));
  }

  /** `undefined` where all of `bytes` found room at once. */
  add(body: number, bytes: Uint8Array): Promise<void> | undefined {
    return bytes.byteLength > SLOT_BYTES ? this.#addInPieces(body, bytes) : this.#send(body, BYTES, bytes);
  }

  async end(body: number): Promise<void> {
    await this.#send(body, END, NOTHING);
  }

  async drop(body: number): Promise<void> {
    await this.#send(body, DROP, NOTHING);
  }

  async #addInPieces(body: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.byteLength; at += SLOT_BYTES) {
      await this.#send(body, BYTES, bytes.subarray(at, at + SLOT_BYTES));
    }
  }

  #send(body: number, meaning: Meaning, bytes: Uint8Array): Promise<void> | undefined {
    if (this.#waiting > 0 || this.#failure !== undefined || this.#isFull()) return this.#wait(body, meaning, bytes);
    this.#put(body, meaning, bytes);
    return undefined;
  }

  #wait(body: number, meaning: Meaning, bytes: Uint8Array): Promise<void> {
    this.#waiting++;
    const turn = this.#last
      .then(() => this.#putWhenEmptied(body, meaning, bytes))
      .finally(() => {
        this.#waiting--;
      });
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #putWhenEmptied(body: number, meaning: Meaning, bytes: Uint8Array): Promise<void> {
    while (this.#isFull()) {
      this.#requireEmptied();
      await Atomics.waitAsync(this.#ring.counters, EMPTIED, this.#filled - SLOTS).value;
    }
    this.#requireEmptied();
    this.#put(body, meaning, bytes);
  }

  /** @throws what ended the other side. */
  #requireEmptied(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #isFull(): boolean {
    return this.#filled - Atomics.load(this.#ring.counters, EMPTIED) >= SLOTS;
  }

  #put(body: number, meaning: Meaning, bytes: Uint8Array): void {
    const { counters, meanings, bodies, lengths } = this.#ring;
    const place = this.#filled % SLOTS;
    slotAt(this.#ring, place).set(bytes);
    meanings[place] = meaning;
    bodies[place] = body;
    lengths[place] = bytes.byteLength;
    this.#filled++;
    Atomics.store(counters, FILLED, this.#filled);
    Atomics.notify(counters, FILLED);
  }
}

/** What there is to know of `body`. */
export type Delivery = { readonly body: number } & (
  | { readonly kind: "begin"; readonly algorithms: readonly DigestAlgorithm[] }
  /** Good until the next delivery. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "end" | "drop" }
);

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
    const { counters, meanings, bodies, lengths } = this.#ring;
    while (Atomics.load(counters, FILLED) === this.#emptied) Atomics.wait(counters, FILLED, this.#emptied);
    this.#holding = true;
    const place = this.#emptied % SLOTS;
    const body = bodies[place] ?? 0;
    const bytes = slotAt(this.#ring, place).subarray(0, lengths[place]);
    const meaning = meanings[place];
    if (meaning === BYTES) return { body, kind: "bytes", bytes };
    if (meaning === BEGIN) return { body, kind: "begin", algorithms: JSON.parse(Buffer.from(bytes).toString()) };
    return { body, kind: meaning === END ? "end" : "drop" };
  }

  #release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    this.#emptied++;
    const { counters } = this.#ring;
    Atomics.store(counters, EMPTIED, this.#emptied);
    if (Atomics.load(counters, FILLED) - this.#emptied <= WAKING_SLOTS) Atomics.notify(counters, EMPTIED);
  }
}

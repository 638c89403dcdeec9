import type { Transaction } from "../kernel/table.ts";
import { NOWHERE, table } from "../kernel/table.ts";
import type { Audience, AudienceKind, AudiencePlace } from "../service/audience.ts";
import type { Store } from "../store/store.ts";

interface Listening extends AudiencePlace {
  readonly kind: AudienceKind;
}

const listening = table<Listening>("audience", "global", ({ kind, account, region }) => [kind, account, region]);

/** How long a look holds at a store that other processes write to; real time. */
const KNOWN_MS = 1000;

interface Parts {
  readonly store: Pick<Store, "watch" | "shared" | "transact">;
  readonly realNow: () => number;
  /** Hears when the store fails. */
  readonly report: (error: unknown) => void;
}

/** Who listens, of the whole cloud: asked with every call, so it is kept at hand. */
export class Audiences {
  readonly #parts: Parts;
  #known: ReadonlySet<string> | undefined;
  #knownAtMs = 0;
  #looking = false;
  /** So many times it has been heard that there are others. */
  #changes = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
    parts.store.watch(listening, () => this.forget());
  }

  static async open(parts: Parts): Promise<Audiences> {
    const audiences = new Audiences(parts);
    await audiences.#look();
    return audiences;
  }

  has(kind: AudienceKind, { account, region }: AudiencePlace): boolean {
    const known = this.#known;
    if (known === undefined || (this.#parts.store.shared && this.#isOld())) this.#lookSoon();
    if (known === undefined) return true;
    if (known.size === 0) return false;
    return (
      known.has(nameOf({ kind, account, region })) ||
      known.has(nameOf({ kind, account, region: "*" })) ||
      known.has(nameOf({ kind, account: "*", region: "*" }))
    );
  }

  /** The same, for a call that may also change it within `tx`. */
  within(tx: Transaction): Audience {
    return {
      has: (kind, place) => this.has(kind, place),
      set: (kind, place, on) => {
        if (on) tx.put(listening, { kind, ...place });
        else tx.delete(listening, kind, place.account, place.region);
      },
    };
  }

  /** There may be others now. */
  forget(): void {
    this.#changes++;
    this.#known = undefined;
    this.#lookSoon();
  }

  #isOld(): boolean {
    return this.#parts.realNow() - this.#knownAtMs > KNOWN_MS;
  }

  #lookSoon(): void {
    if (this.#looking) return;
    this.#look().catch(this.#parts.report);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      for (let heard = -1; heard !== this.#changes;) {
        heard = this.#changes;
        const rows = await this.#parts.store.transact(NOWHERE, (tx) => tx.scan(listening, { limit: Infinity }));
        if (heard === this.#changes) this.#known = new Set(rows.map(nameOf));
      }
      this.#knownAtMs = this.#parts.realNow();
    } finally {
      this.#looking = false;
    }
  }
}

const nameOf = ({ kind, account, region }: Listening): string => `${kind} ${account} ${region}`;

import type { AccountId } from "../kernel/arn.ts";
import { closedAccounts } from "../kernel/closed-account.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Transaction } from "../kernel/table.ts";
import type { Store } from "../store/store.ts";

/** Whether accounts were closed. It is asked with every call: so they are kept at hand, unless others write to the store too. */
export class ClosedAccounts {
  readonly #isShared: boolean;
  #known: ReadonlySet<AccountId> | undefined;
  /** So many times it has been heard that there are others. */
  #changes = 0;

  constructor(store: Pick<Store, "watch" | "shared">) {
    this.#isShared = store.shared;
    store.watch(closedAccounts, () => {
      this.#known = undefined;
      this.#changes++;
    });
  }

  has(account: AccountId, tx: Transaction): Soon<boolean> {
    if (this.#isShared) return tx.get(closedAccounts, account).then((closed) => closed !== undefined);
    return this.#known?.has(account) ?? this.#find(account, tx);
  }

  async #find(account: AccountId, tx: Transaction): Promise<boolean> {
    const heard = this.#changes;
    const known = new Set((await tx.scan(closedAccounts, { limit: Infinity })).map((closed) => closed.account));
    if (heard === this.#changes) this.#known = known;
    return known.has(account);
  }
}

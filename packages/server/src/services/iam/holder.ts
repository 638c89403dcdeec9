/** What policies hang on: users, groups and roles. All that belongs to one hangs on its unique id, so a new name changes nothing. */
import { table, type Transaction } from "../../kernel/table.ts";

export type HolderKind = "user" | "group" | "role";

export interface Holder {
  readonly kind: HolderKind;
  /** `AIDA…`, `AGPA…`, `AROA…`. */
  readonly id: string;
  readonly name: string;
}

const names = table<Holder>("iam.holder", "account", ({ id }) => [id]);

/** To be called whenever a holder is made or gets another name. */
export const recordHolder = (tx: Transaction, { kind, id, name }: Holder): void => tx.put(names, { kind, id, name });

export const forgetHolder = (tx: Transaction, { id }: Holder): void => tx.delete(names, id);

/** The kind and present name of what has the unique id `id`. */
export const findHolder = (tx: Transaction, id: string): Promise<Holder | undefined> => tx.get(names, id);

/** How a trail's deliveries went. */
import { refusalOf } from "../../../kernel/aws-error.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

/** The last attempt of one kind of delivery. */
export interface Attempt {
  readonly atMs: number;
  /** When one last succeeded. */
  readonly succeededAtMs?: number | undefined;
  /** The code of why the last one failed. */
  readonly error?: string | undefined;
}

export type DeliveryKind = "files" | "notices" | "logs" | "digests";

interface Status extends Partial<Readonly<Record<DeliveryKind, Attempt>>> {
  /** The key of the trail. */
  readonly trail: string;
}

export const statuses = table<Status>("cloudtrail.status", "global", ({ trail }) => [trail]);

export interface Noted {
  readonly trail: string;
  readonly kind: DeliveryKind;
  readonly atMs: number;
}

/** Does `work` and notes how it went. Whether it succeeded; what is no error of AWS's is ours to hear of. */
export async function attempt({ trail, kind, atMs }: Noted, tx: Transaction, work: () => Promise<unknown>) {
  const error = await refusalOf(work);
  const before = (await tx.get(statuses, trail)) ?? { trail };
  const succeededAtMs = error === undefined ? atMs : before[kind]?.succeededAtMs;
  tx.put(statuses, { ...before, [kind]: { atMs, succeededAtMs, error: error?.code } });
  return error === undefined;
}

/** Histories in the channel's bucket: every six hours one for each type of which something changed. */
import { asRegion } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { HOUR_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import { channels, findChannel, type Channel, type DeliveryAttempt } from "./row.ts";
import { putDocument } from "./delivery.ts";
import { items, type Item } from "../item/row.ts";
import { HISTORY_HOURS } from "../limits.ts";
import { itemDocument } from "./notification.ts";
import type { Recorder } from "../recorder/row.ts";

/** An item that stands in no file yet. */
type Pending = Pick<Item, "type" | "id" | "capturedAtMs" | "stateId">;

const pending = table<Pending>("config.pending-history", "region", ({ type, id, capturedAtMs, stateId }) => [
  type,
  id,
  capturedAtMs,
  stateId,
]);

const DELIVER = "deliver-history";
const ITEMS_PER_FILE_MAX = 1000;

/** The first of a period starts its clock. */
export async function noteForHistory(item: Item, recorder: Pick<Recorder, "region">, context: Context): Promise<void> {
  const { type, id, capturedAtMs, stateId } = item;
  const tx = context.tx.in({ region: recorder.region });
  const isFirst = (await tx.scan(pending, { limit: 1 })).length === 0;
  tx.put(pending, { type, id, capturedAtMs, stateId });
  if (!isFirst) return;
  const periodMs = HISTORY_HOURS * HOUR_MS;
  const dueMs = (Math.floor(context.now().getTime() / periodMs) + 1) * periodMs;
  context.at(dueMs, DELIVER, recorder.region, {});
}

export const deliverHistory: Errand = async (context, name) => {
  const region = asRegion(name);
  for (;;) {
    const rows = await context.tx.in({ region }).scan(pending, { limit: ITEMS_PER_FILE_MAX });
    const [first] = rows;
    if (first === undefined) return;
    const some = rows.filter(({ type }) => type === first.type);
    const channel = await findChannel(context.tx.in({ region }));
    if (channel !== undefined) await deliverSome(some, channel, context);
    await context.transact(async (inner) => {
      const tx = inner.tx.in({ region });
      for (const row of some) tx.delete(pending, ...pending.keyOf(row));
    });
  }
};

async function deliverSome(rows: readonly Pending[], channel: Channel, context: ErrandContext): Promise<void> {
  const { region } = channel;
  const tx = context.tx.in({ region });
  const kept = await Promise.all(rows.map((row) => tx.get(items, row.type, row.id, row.capturedAtMs, row.stateId)));
  const found = kept.filter((item) => item !== undefined).map(itemDocument);
  const [first] = rows;
  const document = { kind: "ConfigHistory", id: context.newId(), type: first?.type ?? "", items: found } as const;
  const attempt = await attempted(() => putDocument(document, channel, context), context);
  await context.transact((inner) => noteAttempt(channel, { kind: "history", attempt }, inner));
}

export async function attempted(work: () => Promise<unknown>, context: Context): Promise<DeliveryAttempt> {
  const atMs = context.now().getTime();
  try {
    await work();
    return { atMs, succeededAtMs: atMs };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { atMs, error: { code: error.code, message: error.message } };
  }
}

/** What the channel's status tells. */
export interface Noted {
  readonly kind: "history" | "snapshot";
  readonly attempt: DeliveryAttempt;
}

export async function noteAttempt({ region }: Channel, { kind, attempt }: Noted, context: Context): Promise<void> {
  const tx = context.tx.in({ region });
  const channel = await findChannel(tx);
  const succeededAtMs = attempt.succeededAtMs ?? channel?.[kind]?.succeededAtMs;
  if (channel === undefined) return;
  tx.put(channels, { ...channel, [kind]: { ...attempt, ...(succeededAtMs !== undefined && { succeededAtMs }) } });
}

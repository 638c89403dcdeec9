/** What was found becomes a configuration item, where it is not as before; whoever wants to know hears of it. */
import type { ResourceType } from "@aws-sdk/client-config-service";
import type { Context } from "../../../service/context.ts";
import { evaluateChange } from "../evaluation/request.ts";
import { tellOfItem } from "../channel/notification.ts";
import { noteForHistory } from "../channel/history-file.ts";
import { expire, findByHandle, isDeleted, putItem, type Item, type ItemStatus } from "../item/row.ts";
import type { Recorder } from "./row.ts";
import type { Found } from "../resource/kind.ts";
import { retentionDaysOf } from "../item/retention.ts";

export interface Seen {
  readonly type: ResourceType;
  readonly handle: string;
  /** `undefined`: it is not there, or no more. */
  readonly found: Found | undefined;
  readonly recorder: Pick<Recorder, "account" | "region" | "partition">;
}

/** In the recorder's account; its region may be another than the call's. */
export async function keepFound(seen: Seen, context: Context): Promise<void> {
  const { type, handle, found, recorder } = seen;
  const tx = context.tx.in({ region: recorder.region });
  const before = await findByHandle(type, handle, tx);
  const item = nextItem(seen, before, context);
  if (item === undefined) return;
  // one that was made again under the name is another resource
  if (before !== undefined && found !== undefined && before.id !== item.id && !isDeleted(before)) {
    await keep(gone(before, context), before, { recorder, context });
  }
  await keep(item, before?.id === item.id ? before : undefined, { recorder, context });
}

interface Keeping {
  readonly recorder: Seen["recorder"];
  readonly context: Context;
}

async function keep(item: Item, before: Item | undefined, { recorder, context }: Keeping): Promise<void> {
  const tx = context.tx.in({ region: recorder.region });
  putItem(item, tx);
  await expire(item, await retentionDaysOf(tx), tx);
  await noteForHistory(item, recorder, context);
  await tellOfItem(item, before, context);
  await evaluateChange(item, context);
}

function nextItem(seen: Seen, before: Item | undefined, context: Context): Item | undefined {
  const { found } = seen;
  const there = before === undefined || isDeleted(before) ? undefined : before;
  if (found === undefined) return there && gone(there, context);
  const same = before?.id === found.id ? before : undefined;
  const status: ItemStatus = there?.id === found.id ? "OK" : "ResourceDiscovered";
  const item = { ...itemOf(seen, found), ...stamped(same, status, context) };
  return there !== undefined && contentOf(there) === contentOf(item) ? undefined : item;
}

function itemOf({ type, handle, recorder }: Seen, found: Found): Omit<Item, "stateId" | "capturedAtMs" | "status"> {
  return {
    type,
    id: found.id,
    name: found.name,
    handle,
    arn: found.arn,
    account: recorder.account,
    region: recorder.region,
    ...(found.createdAtMs !== undefined && { createdAtMs: found.createdAtMs }),
    tags: found.tags,
    relationships: found.relationships ?? [],
    configuration: JSON.stringify(found.configuration),
    supplementary: Object.fromEntries(
      Object.entries(found.supplementary ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
}

function stamped(before: Item | undefined, status: ItemStatus, context: Context) {
  const capturedAtMs = context.now().getTime();
  return { stateId: Math.max(capturedAtMs, (before?.stateId ?? 0) + 1), capturedAtMs, status };
}

const gone = (before: Item, context: Context): Item => ({
  ...before,
  ...stamped(before, "ResourceDeleted", context),
  tags: {},
  relationships: [],
  configuration: "null",
  supplementary: {},
});

/** What makes a difference. */
const contentOf = ({ id, arn, tags, relationships, configuration, supplementary }: Item): string =>
  JSON.stringify([id, arn, tags, relationships, configuration, supplementary]);

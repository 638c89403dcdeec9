/**
 * How stores begin and stop to take events, and how they end: seven days after they were deleted.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteEventDataStore.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopEventDataStoreIngestion.html
 */
import { DAY_MS } from "../../../../kernel/duration.ts";
import type { Context } from "../../../../service/context.ts";
import type { Job } from "../../../../service/service.ts";
import { tellAudience } from "../../audience.ts";
import { operation } from "../../kit.ts";
import { isLogging } from "../../trail-row.ts";
import { storeProtected, storeStatusInvalid } from "../errors.ts";
import { forgetEvents } from "../event/chunk.ts";
import { forgetKeys } from "../event/encryption.ts";
import { forgetRefusal } from "../event/intake.ts";
import { forgetImportsLater } from "../import/end.ts";
import { requireNoImport } from "../import/row.ts";
import { DELETION_DAYS } from "../limits.ts";
import { forgetQueries } from "../query/row.ts";
import { onNamedStore, requireActiveStore, requireSpokesman, requireStore } from "./find.ts";
import { deleteStore, putStore, stores, type Store } from "./row.ts";
import { formatStore } from "./store.ts";

const END = "endStore";

export const startEventDataStoreIngestion = operation("StartEventDataStoreIngestion", {
  authorize: ({ EventDataStore }, context) => onNamedStore("StartEventDataStoreIngestion", EventDataStore, context),

  async handle({ EventDataStore }, context) {
    const store = await requireActiveStore(EventDataStore, context);
    await requireSpokesman(store, context);
    if (isLogging(store)) throw storeStatusInvalid();
    await change(started(store, context), context);
    return {};
  },
});

export const stopEventDataStoreIngestion = operation("StopEventDataStoreIngestion", {
  authorize: ({ EventDataStore }, context) => onNamedStore("StopEventDataStoreIngestion", EventDataStore, context),

  async handle({ EventDataStore }, context) {
    const store = await requireActiveStore(EventDataStore, context);
    await requireSpokesman(store, context);
    if (!isLogging(store)) throw storeStatusInvalid();
    await change(stopped(store, context), context);
    return {};
  },
});

const started = (store: Store, context: Context): Store => ({
  ...store,
  logging: { isOn: true, startedAtMs: context.now().getTime(), stoppedAtMs: store.logging?.stoppedAtMs },
});

function stopped(store: Store, context: Context): Store {
  const { logging } = store;
  if (logging === undefined || !logging.isOn) return store;
  return { ...store, logging: { ...logging, isOn: false, stoppedAtMs: context.now().getTime() } };
}

async function change(store: Store, context: Context): Promise<void> {
  putStore({ ...store, updatedAtMs: context.now().getTime() }, context.tx);
  await tellAudience(store, context);
}

export const deleteEventDataStore = operation("DeleteEventDataStore", {
  authorize: ({ EventDataStore }, context) => onNamedStore("DeleteEventDataStore", EventDataStore, context),

  async handle({ EventDataStore }, context) {
    const store = await requireActiveStore(EventDataStore, context);
    await requireSpokesman(store, context);
    if (store.isProtected) throw storeProtected();
    await requireNoImport(store, context.tx);
    await change({ ...stopped(store, context), deletion: { wasLogging: isLogging(store) } }, context);
    context.at(context.now().getTime() + DELETION_DAYS * DAY_MS, END, timerKey(store));
    return {};
  },
});

export const restoreEventDataStore = operation("RestoreEventDataStore", {
  authorize: ({ EventDataStore }, context) => onNamedStore("RestoreEventDataStore", EventDataStore, context),

  async handle({ EventDataStore }, context) {
    const { deletion, ...store } = await requireStore(EventDataStore, context);
    await requireSpokesman(store, context);
    if (deletion === undefined) throw storeStatusInvalid();
    const restored = deletion.wasLogging ? started(store, context) : store;
    await change(restored, context);
    context.cancel(END, timerKey(store));
    return formatStore(restored);
  },
});

const timerKey = ({ account, region, id }: Store): string => `${account}/${region}/${id}`;

/** So much is taken away at a time; what is more follows at once. */
export const endStore: Job = async (context, key) => {
  const { tx } = context;
  const [account = "", region = "", id = ""] = key.split("/");
  const store = await tx.get(stores, account, region, id);
  if (store?.deletion === undefined) return;
  const isEmpty = (await forgetEvents(id, tx)) && (await forgetQueries(store, tx));
  if (!isEmpty) return context.at(context.now().getTime(), END, key);
  await forgetKeys(store, tx);
  forgetRefusal(id, tx);
  deleteStore(store, tx);
  forgetImportsLater(store, context);
};

/** The errand of an import: file after file, each with what it counts in one transaction, so that none is taken twice. */
import type { RoleSession } from "../../../../identity/principal.ts";
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { Key } from "../../../../kernel/table.ts";
import type { Context } from "../../../../service/context.ts";
import type { ErrandContext } from "../../../../service/errand.ts";
import { keptSinceMs } from "../event/expiry.ts";
import { takeIn, type LakeEvent } from "../event/intake.ts";
import { categoriesOf } from "../store/setting.ts";
import { stores, type Store } from "../store/row.ts";
import { failures, imports, isUnderWay, putImport, type Import } from "./row.ts";
import { isLogFile, listFiles, openSource, placeOf, readFile } from "./source.ts";

export const RUN_IMPORT = "runImport";

const KEYS_AT_ONCE = 500;

export async function runImport(context: ErrandContext, timer: string): Promise<void> {
  const [account = "", region = "", id = ""] = timer.split("/");
  const row = await context.tx.get(imports, account, region, id);
  if (row === undefined || !isUnderWay(row)) return;
  await change(row, () => ({ status: "IN_PROGRESS" }), context);
  try {
    const session = await openSource(row, context);
    await retryFailures(row, session, context);
    await readOn(row, session, context);
    await change(row, ({ statistics }) => ({ status: statistics.failed > 0 ? "FAILED" : "COMPLETED" }), context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await change(row, () => ({ status: "FAILED" }), context);
  }
}

/** One that was stopped stays so. Whether it is still under way. */
const change = (row: Import, changed: (now: Import, context: Context) => Partial<Import>, context: ErrandContext) =>
  context.transact(async (inner) => {
    const now = await inner.tx.get(imports, row.account, row.region, row.id);
    if (now === undefined || !isUnderWay(now)) return false;
    putImport({ ...now, ...changed(now, inner), updatedAtMs: inner.now().getTime() }, inner.tx);
    return true;
  });

async function retryFailures(row: Import, session: RoleSession, context: ErrandContext): Promise<void> {
  for (let after: Key | undefined; ;) {
    const failed = await context.tx.scan(failures, { prefix: [row.id], after, limit: KEYS_AT_ONCE });
    for (const { key, status } of failed) {
      if (status === "RETRY" && !(await importFile(key, { row, isRetry: true }, session, context))) return;
    }
    const last = failed.at(-1);
    if (last === undefined) return;
    after = failures.keyOf(last);
  }
}

async function readOn(row: Import, session: RoleSession, context: ErrandContext): Promise<void> {
  let { after } = row;
  for (let isLast = false; !isLast;) {
    const page = await listFiles({ source: row.source, after, limit: KEYS_AT_ONCE }, session, context);
    for (const key of page.keys.filter(isLogFile)) {
      if (!(await importFile(key, { row, isRetry: false }, session, context))) return;
    }
    after = page.keys.at(-1);
    ({ isLast } = page);
  }
}

interface Importing {
  readonly row: Import;
  readonly isRetry: boolean;
}

/** Whether the import goes on. */
async function importFile(key: string, { row, isRetry }: Importing, session: RoleSession, context: ErrandContext) {
  const found = await tryRead(key, row, session, context);
  return context.transact(async (inner) => {
    const { tx } = inner;
    const now = await tx.get(imports, row.account, row.region, row.id);
    const store = await tx.get(stores, row.account, row.region, row.store);
    if (now === undefined || store === undefined || !isUnderWay(now)) return false;
    const events = found instanceof AwsError ? [] : eventsFor(store, now, found, inner);
    const failure = found instanceof AwsError ? found : await refusedBy(store, events, inner);
    if (failure !== undefined) putFailure(key, failure, now, inner);
    else if (isRetry) tx.delete(failures, row.id, key);
    putImport(counted(now, { key, isRetry, isFailed: failure !== undefined, events: events.length }), tx);
    return true;
  });
}

async function tryRead(key: string, { source }: Import, session: RoleSession, context: ErrandContext) {
  try {
    return await readFile(key, source, session, context);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

async function refusedBy(store: Store, events: readonly LakeEvent[], context: Context): Promise<AwsError | undefined> {
  if (events.length === 0 || (await takeIn(store, events, context))) return undefined;
  return new AwsError("KmsException", "CloudTrail may not use the key of the event data store.");
}

/** Of the time that is asked for, and of the kinds that the store is for. */
function eventsFor(store: Store, row: Import, records: readonly object[], context: Context): readonly LakeEvent[] {
  const categories = categoriesOf(store.selectors);
  const sinceMs = Math.max(row.fromMs ?? 0, keptSinceMs(store, context));
  const untilMs = row.untilMs ?? Number.MAX_SAFE_INTEGER;
  return records.flatMap((record) => {
    const { eventTime, eventCategory = "Management" }: { eventTime?: unknown; eventCategory?: unknown } = record;
    const atMs = typeof eventTime === "string" ? Date.parse(eventTime) : Number.NaN;
    const isOfKind = typeof eventCategory === "string" && categories.has(eventCategory);
    const isMeant = isOfKind && atMs >= sinceMs && atMs <= untilMs;
    return isMeant ? [{ atMs, text: JSON.stringify(record) }] : [];
  });
}

function putFailure(key: string, { code, message }: AwsError, row: Import, context: Context): void {
  const location = `s3://${placeOf(row.source).bucket}/${key}`;
  const atMs = context.now().getTime();
  context.tx.put(failures, { import: row.id, key, location, status: "FAILED", kind: code, message, atMs });
}

interface Done {
  readonly key: string;
  readonly isRetry: boolean;
  readonly isFailed: boolean;
  readonly events: number;
}

function counted(row: Import, { key, isRetry, isFailed, events }: Done): Import {
  const { prefixes, files, failed, events: before } = row.statistics;
  const isNew = !isRetry && folderOf(key) !== folderOf(row.after ?? "");
  const statistics = {
    prefixes: prefixes + Number(isNew),
    files: files + Number(!isFailed),
    events: before + events,
    failed: failed + Number(isFailed && !isRetry) - Number(isRetry && !isFailed),
  };
  return { ...row, statistics, after: isRetry ? row.after : key };
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf("/"));

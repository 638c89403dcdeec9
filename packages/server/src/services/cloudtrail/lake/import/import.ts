/**
 * Imports of the files of trails into stores.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartImport.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-copy-trail-to-lake.html
 */
import { page } from "../../../../kernel/page.ts";
import { formatArn, parseArn, type Arn } from "../../../../kernel/arn.ts";
import type { Context } from "../../../../service/context.ts";
import { passedRole } from "../../../../service/passed-role.ts";
import type { InputOf } from "../../../../service/sdk.ts";
import { operation, PRINCIPAL, type CloudtrailSdk } from "../../kit.ts";
import { notManagementAccount } from "../../errors.ts";
import { onAll } from "../../trail-name.ts";
import { accountImporting, importNotFound, importSourceInvalid, parameterInvalid, tokenInvalid } from "../errors.ts";
import { IMPORTS_PER_PAGE_MAX } from "../limits.ts";
import { meantStore, requireActiveStore } from "../store/find.ts";
import { requireKeyUse } from "../store/key.ts";
import { storeArn } from "../store/row.ts";
import { failures, findOpen, imports, isUnderWay, putImport, type Failure, type Import, type Source } from "./row.ts";
import { RUN_IMPORT } from "./run.ts";
import { requireReadable } from "./source.ts";

type Start = InputOf<CloudtrailSdk, "StartImport">;

export const startImport = operation("StartImport", {
  authorize: ({ ImportSource }) => {
    const role = ImportSource?.S3.S3BucketAccessRoleArn;
    return [onAll("StartImport"), ...(role === undefined ? [] : [passedRole(role, PRINCIPAL.service)])];
  },

  async handle(input, context) {
    const { tx, account, region } = context;
    const row = input.ImportId === undefined ? await newImport(input, context) : await again(input.ImportId, context);
    if ((await findOpen({ account, region }, tx)) !== undefined) throw accountImporting();
    putImport(row, tx);
    context.at(context.now().getTime(), RUN_IMPORT, `${account}/${region}/${row.id}`);
    return format(row);
  },
});

/** @throws {AwsError} what is wrong with the store, or with where its events are to come from */
async function newImport(input: Start, context: Context): Promise<Import> {
  const { StartEventTime, EndEventTime } = input;
  const [destination] = input.Destinations ?? [];
  if (destination === undefined || input.ImportSource === undefined) {
    throw parameterInvalid("Destinations and ImportSource are required for a new import.");
  }
  if (StartEventTime !== undefined && EndEventTime !== undefined && StartEventTime > EndEventTime) {
    throw parameterInvalid("The start time must not be after the end time.");
  }
  const store = await requireActiveStore(destination, context);
  if (store.account !== context.account) throw notManagementAccount();
  await requireKeyUse(store, context);
  const source = sourceOf(input.ImportSource.S3);
  await requireReadable(source, store, context);
  const nowMs = context.now().getTime();
  const { account, region, partition, id } = store;
  return {
    account,
    region,
    partition,
    id: context.newId(),
    store: id,
    source,
    fromMs: StartEventTime?.getTime(),
    untilMs: EndEventTime?.getTime(),
    status: "INITIALIZING",
    statistics: { prefixes: 0, files: 0, events: 0, failed: 0 },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
}

/** @throws {AwsError} `InvalidImportSourceException` */
function sourceOf(given: NonNullable<Start["ImportSource"]>["S3"]): Source {
  const { S3LocationUri: uri, S3BucketRegion: region, S3BucketAccessRoleArn: role } = given;
  const parts = parseArn(role);
  if (parts === undefined || !uri.startsWith("s3://")) throw importSourceInvalid();
  return { uri, region, role: formatArn(parts) };
}

const RETRIED_AT_ONCE = 1000;

/** What failed is tried again, and what was not looked at yet is. @throws {AwsError} `ImportNotFoundException` */
async function again(id: string, context: Context): Promise<Import> {
  const row = await requireImport(id, context);
  if (isUnderWay(row)) throw accountImporting();
  await requireActiveStore(destinationOf(row), context);
  const { tx } = context;
  const failed = await tx.scan(failures, { prefix: [id], limit: RETRIED_AT_ONCE });
  for (const failure of failed) tx.put(failures, { ...failure, status: "RETRY" });
  return { ...row, status: "INITIALIZING", updatedAtMs: context.now().getTime() };
}

/** @throws {AwsError} `ImportNotFoundException` */
async function requireImport(id: string, { tx, account, region }: Context): Promise<Import> {
  const row = await tx.get(imports, account, region, id);
  if (row === undefined) throw importNotFound();
  return row;
}

export const getImport = operation("GetImport", {
  authorize: () => onAll("GetImport"),

  async handle({ ImportId }, context) {
    const row = await requireImport(ImportId, context);
    return { ...format(row), ImportStatistics: formatStatistics(row) };
  },
});

export const stopImport = operation("StopImport", {
  authorize: () => onAll("StopImport"),

  async handle({ ImportId }, context) {
    const row = await requireImport(ImportId, context);
    if (!isUnderWay(row)) return { ...format(row), ImportStatistics: formatStatistics(row) };
    const stopped: Import = { ...row, status: "STOPPED", updatedAtMs: context.now().getTime() };
    putImport(stopped, context.tx);
    return { ...format(stopped), ImportStatistics: formatStatistics(stopped) };
  },
});

export const listImports = operation("ListImports", {
  authorize: () => onAll("ListImports"),

  async handle({ NextToken: token, MaxResults: limit, Destination, ImportStatus }, context) {
    const { tx, account, region } = context;
    const store = Destination === undefined ? undefined : meantStore(Destination, context).id;
    const paging = { token, limit, max: IMPORTS_PER_PAGE_MAX, invalidToken: tokenInvalid };
    const { rows, next } = await page(tx, imports, { prefix: [account, region], ...paging });
    const wanted = rows.filter(
      (row) =>
        (store === undefined || row.store === store) && (ImportStatus === undefined || row.status === ImportStatus),
    );
    return { Imports: wanted.map(formatListed), ...(next !== undefined && { NextToken: next }) };
  },
});

export const listImportFailures = operation("ListImportFailures", {
  authorize: () => onAll("ListImportFailures"),

  async handle({ ImportId, NextToken: token, MaxResults: limit }, context) {
    const paging = { token, limit, max: IMPORTS_PER_PAGE_MAX, invalidToken: tokenInvalid };
    const known = await context.tx.get(imports, context.account, context.region, ImportId);
    const { rows, next } = await page(context.tx, failures, { prefix: [known?.id ?? ""], ...paging });
    return { Failures: rows.map(formatFailure), ...(next !== undefined && { NextToken: next }) };
  },
});

const formatFailure = ({ location, status, kind, message, atMs }: Failure) => ({
  Location: location,
  Status: status,
  ErrorType: kind,
  ErrorMessage: message,
  LastUpdatedTime: new Date(atMs),
});

const formatListed = (row: Import) => ({
  ImportId: row.id,
  ImportStatus: row.status,
  Destinations: [destinationOf(row)],
  CreatedTimestamp: new Date(row.createdAtMs),
  UpdatedTimestamp: new Date(row.updatedAtMs),
});

const destinationOf = (row: Import): Arn => storeArn(row, row.store);

const format = (row: Import) => ({
  ...formatListed(row),
  ImportSource: {
    S3: {
      S3LocationUri: row.source.uri,
      S3BucketRegion: row.source.region,
      S3BucketAccessRoleArn: row.source.role,
    },
  },
  ...(row.fromMs !== undefined && { StartEventTime: new Date(row.fromMs) }),
  ...(row.untilMs !== undefined && { EndEventTime: new Date(row.untilMs) }),
});

const formatStatistics = ({ statistics: { prefixes, files, events, failed }, status }: Import) => ({
  PrefixesFound: prefixes,
  PrefixesCompleted: status === "COMPLETED" ? prefixes : Math.max(prefixes - 1, 0),
  FilesCompleted: files,
  EventsCompleted: events,
  FailedEntries: failed,
});

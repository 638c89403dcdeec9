/**
 * The journal of a bucket: a record of each change of its objects. Changes are noted in their own transactions, and written
 * to the table a minute later, all of that time in one file.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-schema.html
 */
import { DAY_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { nextSequencer } from "../notification/notify.ts";
import type { Follow, ObjectChange } from "../object/change.ts";
import { isMarker } from "../version/row.ts";
import { JOURNAL_RECORDS_PER_FILE } from "./limits.ts";
import { FAILURES } from "./errors.ts";
import { daysOf, keptDays } from "./expiration.ts";
import { appendRecords } from "./journal-file.ts";
import { journalRecords, type JournalRecord } from "./journal-record.ts";
import { objectRow, type ObjectRow } from "./object-row.ts";
import { noteForListing } from "./listing-row.ts";
import { metadataConfigurations, type JournalTable, type MetadataConfiguration } from "./row.ts";
import { JOURNAL } from "./schema.ts";
import { failureOf, openTable } from "./writer.ts";

/** That a bucket's records are to be written, so that not every change has to say so. */
interface JournalClock {
  readonly bucket: string;
}

export const journalClocks = table<JournalClock>("s3.journal-clock", "global", ({ bucket }) => [bucket]);

const JOB = "metadata-journal";

/** As a follower of changes. */
export const journalChange: Follow = async (change, context) => {
  const { bucket, version } = change;
  const type = typeOf(change);
  const at = { bucket, key: version.key };
  if (type !== undefined || change.kind.startsWith("ObjectAnnotation:"))
    await noteForListing("annotation", at, context);
  if (type === undefined) return;
  await noteForListing("inventory", at, context);
  if (!bucket.metadata?.journal) return;
  const atMs = context.now().getTime();
  context.tx.put(journalRecords, {
    id: `${String(atMs).padStart(TIME_DIGITS, "0")}-${context.newId()}`,
    bucket: bucket.name,
    key: version.key,
    sequence_number: await nextSequencer({ bucket, version }, context),
    record_type: type,
    record_timestamp: atMs,
    ...(type === "DELETE" ? deletion(change) : objectRow(version)),
    ...requestOf(context),
  });
  await wake(bucket, context);
};

const TIME_DIGITS = 15;

const UPDATES: ReadonlySet<string> = new Set(["LifecycleTransition", "ObjectEncryption:Put"]);

function typeOf({ kind }: ObjectChange): JournalRecord["record_type"] | undefined {
  if (kind.startsWith("ObjectCreated:")) return "CREATE";
  if (kind.startsWith("ObjectRemoved:") || kind.startsWith("LifecycleExpiration:")) return "DELETE";
  return kind.startsWith("ObjectTagging:") || UPDATES.has(kind) ? "UPDATE_METADATA" : undefined;
}

/** What is gone for good is no delete marker, nor anything else. */
function deletion({ version }: ObjectChange): ObjectRow {
  const id = version.versionId === undefined ? {} : { version_id: version.versionId };
  return isMarker(version) ? { ...id, is_delete_marker: true } : id;
}

/** Of what S3 does itself nobody is the requester but S3. */
function requestOf({ principal, request, requestId }: Context): Partial<JournalRecord> {
  if (principal.type === "service") return { requester: principal.service };
  const requester = "account" in principal ? { requester: principal.account } : {};
  return { ...requester, source_ip_address: request.sourceIp, request_id: requestId };
}

async function wake(bucket: Bucket, context: Context): Promise<void> {
  if (await context.tx.get(journalClocks, bucket.name)) return;
  beginJournal(bucket, context);
}

/** Has the table begun, so that it can be read before anything happens. */
export function beginJournal({ name }: Pick<Bucket, "name">, context: Context): void {
  context.tx.put(journalClocks, { bucket: name });
  context.at(context.now().getTime() + MINUTE_MS, JOB, name);
}

/** The job: one file of records. */
const writeJournal: Job = async (context, name) => {
  const { tx } = context;
  tx.delete(journalClocks, name);
  const [bucket, configuration] = [await tx.get(buckets, name), await tx.get(metadataConfigurations, name)];
  if (bucket === undefined || configuration === undefined || configuration.journal.status === "FAILED") return;
  const records = await tx.scan(journalRecords, { prefix: [name], limit: JOURNAL_RECORDS_PER_FILE });
  const journal = await writeRecords({ bucket, configuration, records }, context);
  for (const { id } of records) tx.delete(journalRecords, name, id);
  tx.put(metadataConfigurations, { ...configuration, journal });
  if (journal.status === "FAILED") return stopJournal(bucket, context);
  await expireLater(configuration, context);
  if (records.length < JOURNAL_RECORDS_PER_FILE) return;
  tx.put(journalClocks, { bucket: name });
  context.at(context.now().getTime(), JOB, name);
};

interface Step {
  readonly bucket: Bucket;
  readonly configuration: MetadataConfiguration;
  readonly records: readonly JournalRecord[];
}

async function writeRecords({ bucket, configuration, records }: Step, context: Context): Promise<JournalTable> {
  const { journal } = configuration;
  try {
    const open = await openTable(journal, { source: bucket, schema: JOURNAL }, context);
    if (open === undefined) return { ...journal, status: "FAILED", failure: FAILURES.gone };
    await appendRecords(open, records, daysOf(open.stored), context);
    return { ...journal, status: "ACTIVE" };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return { ...journal, status: "FAILED", failure };
  }
}

/** What cannot be written any more is not noted either. */
function stopJournal(bucket: Bucket, { tx }: Context): void {
  const { journal: _on, ...metadata } = bucket.metadata ?? {};
  tx.put(buckets, { ...bucket, metadata });
}

const EXPIRY_JOB = "metadata-expiry";

/** Looks once a day, where nothing else happens. */
async function expireLater({ bucket, journal }: MetadataConfiguration, context: Context): Promise<void> {
  if ((await keptDays(journal, context)) === undefined) return;
  context.at(context.now().getTime() + DAY_MS, EXPIRY_JOB, bucket);
}

const expireRecords: Job = async (context, name) => {
  if ((await context.tx.get(buckets, name))?.metadata?.journal === true) beginJournal({ name }, context);
};

export const JOURNAL_JOBS = { [JOB]: writeJournal, [EXPIRY_JOB]: expireRecords };

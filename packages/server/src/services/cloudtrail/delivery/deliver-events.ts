/**
 * The delivery of a trail's events: to its bucket, with a notice of it, and to its log group.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
import { asRegion, parseAccountId, parseArn } from "../../../kernel/arn.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { DELIVERY_MINUTES, EVENTS_PER_FILE_MAX, REDELIVERY_DAYS_MAX } from "../limits.ts";
import { trails, type LogsPlace, type Topic, type Trail } from "../trail-row.ts";
import { asTrail } from "./as-trail.ts";
import { noteFile } from "./digest.ts";
import { logFileOf, type LogFile } from "./log-file.ts";
import { openLogs, putLines } from "./log-stream.ts";
import { deliverAt, keyOf, pending, windows, type Part } from "./pending.ts";
import { putFile } from "./put-file.ts";
import { attempt } from "./status.ts";

type SnsSdk = typeof import("@aws-sdk/client-sns");

/** So many rows, of some hundred events at the most, go out together; what is more follows at once. */
const ROWS_MAX = 200;

export const deliverEvents: Job = async (context, key) => {
  const { tx } = context;
  const [account = "", region = "", name = ""] = key.split("/");
  const trail = await tx.get(trails, account, region, name);
  tx.delete(windows, key);
  if (trail === undefined) return;
  const rows = await tx.scan(pending, { prefix: [key], limit: ROWS_MAX });
  const nowMs = context.now().getTime();
  const delivered = await deliverFiles(trail, partsOf(rows), context);
  const [oldest] = rows;
  const isLost = oldest !== undefined && oldest.atMs < nowMs - REDELIVERY_DAYS_MAX * DAY_MS;
  if (!delivered && !isLost) return deliverAt(nowMs + HOUR_MS, trail, context);
  for (const row of rows) tx.delete(pending, row.trail, row.atMs, row.id);
  if (rows.length === ROWS_MAX) deliverAt(nowMs, trail, context);
  else if (!delivered) deliverAt(nowMs + DELIVERY_MINUTES * MINUTE_MS, trail, context);
};

/** Whatever came of one account and region together. */
function partsOf(rows: readonly Part[]): readonly Part[] {
  const groups = Map.groupBy(rows, ({ account, region }) => `${account}/${region}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const events = group.flatMap((part) => part.events);
    const parts: Part[] = [];
    for (let at = 0; at < events.length; at += EVENTS_PER_FILE_MAX) {
      parts.push({ ...first, events: events.slice(at, at + EVENTS_PER_FILE_MAX) });
    }
    return parts;
  });
}

/** Whether the bucket took them all. */
async function deliverFiles(trail: Trail, parts: readonly Part[], context: Context): Promise<boolean> {
  if (parts.length === 0) return true;
  const key = keyOf(trail);
  const atMs = context.now().getTime();
  const files = parts.map((part) => logFileOf(trail, part, context));
  const isDone = await attempt({ trail: key, kind: "files", atMs }, context.tx, async () => {
    for (const file of files) await putFile({ key: file.key, body: file.body, metadata: {} }, trail, context);
  });
  if (!isDone) return false;
  for (const file of files) await noteFile(trail, file, context);
  if (trail.topic !== undefined) await notify(trail, trail.topic, files, context);
  if (trail.logs !== undefined) await log(trail, trail.logs, parts, context);
  return true;
}

async function notify(trail: Trail, topic: Topic, files: readonly LogFile[], context: Context): Promise<void> {
  const { region = "", account: owner = "" } = parseArn(topic.arn) ?? {};
  const message = { s3Bucket: trail.bucket.name, s3ObjectKey: files.map(({ key }) => key) };
  const atMs = context.now().getTime();
  await attempt({ trail: keyOf(trail), kind: "notices", atMs }, context.tx, () =>
    context.call<SnsSdk, "Publish">({
      service: "sns",
      operation: "Publish",
      input: { TopicArn: topic.arn, Message: JSON.stringify(message) },
      ...asTrail(trail),
      account: parseAccountId(owner) ?? trail.account,
      region: asRegion(region),
    }),
  );
}

async function log(trail: Trail, place: LogsPlace, parts: readonly Part[], context: Context): Promise<void> {
  const atMs = context.now().getTime();
  await attempt({ trail: keyOf(trail), kind: "logs", atMs }, context.tx, async () => {
    const opened = await openLogs(trail, place, context);
    await putLines(
      parts.flatMap(({ events }) => events),
      opened,
      context,
    );
  });
}

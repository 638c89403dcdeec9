/** Tells of what happens to a bucket's objects whoever its configuration names. */
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { arn } from "../kit.ts";
import type { Follow } from "../object/change.ts";
import { notifications } from "./configuration.ts";
import { eventOf } from "./event-detail.ts";
import { messageOf, type Happening } from "./event-message.ts";
import { isAskedFor } from "./event-name.ts";
import { isMeant } from "./key-filter.ts";

/** The last number given to an event of a key. */
interface Sequencer {
  readonly bucket: string;
  readonly key: string;
  readonly last: number;
}

export const sequencers = table<Sequencer>("s3.sequencer", "global", ({ bucket, key }) => [bucket, key]);

export async function notify(happening: Happening, context: Context): Promise<void> {
  const { bucket, name, version } = happening;
  const found = await context.tx.get(notifications, bucket.name);
  if (found === undefined) return;
  const rules = found.rules.filter(
    ({ events, filter }) => isMeant(version.key, filter) && events.some((asked) => isAskedFor(asked, name)),
  );
  if (rules.length === 0 && !found.eventBridge) return;
  const ordered = { ...happening, sequencer: await nextSequencer(happening, context) };
  const source = { arn: arn(context, bucket.name), account: bucket.owner };
  const place = { account: bucket.owner, region: bucket.region };
  for (const rule of rules) {
    const text = messageOf(ordered, rule.id, context);
    const content = { kind: "message", text, subject: "Amazon S3 Notification" } as const;
    await context.deliver({ to: rule.arn, source, content }, place);
  }
  const event = found.eventBridge ? eventOf(ordered, context) : undefined;
  if (event) await context.announce(event, place);
}

/** Room for as many events of one key in a millisecond. */
const STEPS_PER_MS = 1000;
const SEQUENCER_DIGITS = 16;

/** Greater, as text, than all before of the same key. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html (sequencer) */
export async function nextSequencer(
  { bucket, version: { key } }: Pick<Happening, "bucket" | "version">,
  context: Context,
): Promise<string> {
  const before = await context.tx.get(sequencers, bucket.name, key);
  const last = Math.max(context.now().getTime() * STEPS_PER_MS, (before?.last ?? 0) + 1);
  context.tx.put(sequencers, { bucket: bucket.name, key, last });
  return formatSequencer(last);
}

const formatSequencer = (last: number): string => last.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, "0");

/** As an event of that time had it, if it was the first. */
export const sequencerAt = (atMs: number): string => formatSequencer(atMs * STEPS_PER_MS);

export const notifyOfChange: Follow = async ({ kind, ...change }, context) => {
  if (kind !== "ObjectLock:Put" && kind !== "ObjectEncryption:Put") await notify({ name: kind, ...change }, context);
};

/**
 * Looking through a bucket: what is due is done, and when the next thing will be is found out. A pass goes in steps, a
 * transaction each, so that it holds up nobody, however many objects there are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
 */
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { currentObjects } from "./current-objects.ts";
import { earliest } from "./due.ts";
import { olderVersions } from "./older-versions.ts";
import { openUploads } from "./open-uploads.ts";
import { lifecycles } from "./rule.ts";
import { tieringsOf } from "./tiering.ts";
import type { Cursor, Round, Stage } from "./stage.ts";

/** How far a pass has come. */
interface PassRow {
  readonly bucket: string;
  readonly stage: number;
  readonly cursor?: Cursor | undefined;
  /** The next thing due, of all that was looked at so far. */
  readonly nextMs?: number | undefined;
}

const passes = table<PassRow>("s3.lifecycle-pass", "global", ({ bucket }) => [bucket]);

const STAGES: readonly Stage[] = [currentObjects, olderVersions, openUploads];

/** A pass begins. What changes from now on wakes the bucket again. */
export const beginPass: Job = async (context, name) => {
  const bucket = await context.tx.get(buckets, name);
  // timers belong to who set them: another one may have been set for a bucket of this name
  if (!bucket || (bucket.lifecycle?.passAtMs ?? Infinity) > context.now().getTime()) return;
  context.tx.put(buckets, { ...bucket, lifecycle: { ...bucket.lifecycle, awake: false, passAtMs: undefined } });
  await goOn({ bucket: name, stage: 0 }, context);
};

export const continuePass: Job = async (context, name) => {
  const pass = await context.tx.get(passes, name);
  if (pass) await goOn(pass, context);
};

/** One page, and what follows it where that was the last of its stage. */
async function goOn(pass: PassRow, context: Context): Promise<void> {
  const bucket = await context.tx.get(buckets, pass.bucket);
  const stage = STAGES[pass.stage];
  const round = bucket && (await roundOf(bucket, context));
  if (!bucket || !round || !stage) return finish(pass, bucket, context);
  const { cursor, nextMs } = stage.isNeeded(round) ? await stage.step(round, pass.cursor) : NOTHING;
  const later = earliest([pass.nextMs, nextMs]);
  if (cursor === undefined) return goOn({ bucket: pass.bucket, stage: pass.stage + 1, nextMs: later }, context);
  context.tx.put(passes, { ...pass, cursor, nextMs: later });
  context.at(round.nowMs, "lifecycle-step", pass.bucket);
}

const NOTHING = { cursor: undefined, nextMs: undefined };

async function roundOf(bucket: Bucket, context: Context): Promise<Round | undefined> {
  if (bucket.lifecycle === undefined) return undefined;
  const { rules = [], smallestMoved = "all_storage_classes_128K" } =
    (await context.tx.get(lifecycles, bucket.name)) ?? {};
  return {
    bucket: { ...bucket, lifecycle: { ...bucket.lifecycle, awake: true } },
    ruling: { rules: rules.filter(({ enabled }) => enabled), smallestMoved },
    tierings: await tieringsOf(bucket, context),
    nowMs: context.now().getTime(),
    context,
  };
}

/** A bucket that changed while it was looked through is looked at again at the next midnight, which is set already. */
function finish({ bucket: name, nextMs }: PassRow, bucket: Bucket | undefined, context: Context): void {
  context.tx.delete(passes, name);
  if (bucket?.lifecycle === undefined || bucket.lifecycle.awake || nextMs === undefined) return;
  context.tx.put(buckets, { ...bucket, lifecycle: { ...bucket.lifecycle, awake: false, passAtMs: nextMs } });
  context.at(nextMs, "lifecycle-pass", name);
}

/**
 * Uploads in parts that nobody completed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */
import { uploads, type Upload } from "../upload/row.ts";
import { endUpload } from "../upload/upload.ts";
import { ageReachedMs, earliest } from "./due.ts";
import { selects, type Rule } from "./rule.ts";
import { PAGE_ROWS, type Round, type Stage } from "./stage.ts";

export const openUploads: Stage = {
  isNeeded: ({ ruling }) => ruling.rules.some(({ abortAfterDays }) => abortAfterDays !== undefined),

  async step({ bucket, ruling, nowMs, context }, cursor) {
    const rows = await context.tx.scan(uploads, { prefix: [bucket.name], after: cursor?.after, limit: PAGE_ROWS });
    const nexts: (number | undefined)[] = [];
    for (const upload of rows) {
      const endMs = endOf(upload, ruling.rules);
      if (endMs !== undefined && endMs <= nowMs) await giveUp(upload, { bucket, context });
      else nexts.push(endMs);
    }
    const last = rows.at(-1);
    return {
      nextMs: earliest(nexts),
      cursor: last && rows.length === PAGE_ROWS ? { after: uploads.keyOf(last) } : undefined,
    };
  },
};

async function giveUp(upload: Upload, { bucket, context }: Pick<Round, "bucket" | "context">): Promise<void> {
  await endUpload(upload, context);
  if (bucket.logging !== undefined) {
    const { logGivenUp } = await import("./action-log.ts");
    await logGivenUp(upload, { bucket, context });
  }
}

const endOf = ({ key, startedAtMs }: Upload, rules: readonly Rule[]): number | undefined =>
  earliest(
    rules.flatMap((rule) =>
      rule.abortAfterDays !== undefined && selects(rule, { key })
        ? [ageReachedMs(startedAtMs, rule.abortAfterDays)]
        : [],
    ),
  );

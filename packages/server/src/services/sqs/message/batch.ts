/**
 * Requests of several entries: each succeeds or fails by itself.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
 */
import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "../../../kernel/aws-error.ts";
import { batchEmpty, batchIdInvalid, batchIdRepeated, batchTooMany } from "../errors.ts";
import { BATCH_ENTRIES_MAX, BATCH_ID_CHARACTERS_MAX } from "../limits.ts";

interface Entry {
  readonly Id: string | undefined;
}

/** @throws {AwsError} where the request as a whole is wrong. `kind` is what AWS calls an entry. */
export function requireEntries<E extends Entry>(entries: readonly E[] | undefined, kind: string): readonly E[] {
  if (entries === undefined || entries.length === 0) throw batchEmpty(kind);
  if (entries.length > BATCH_ENTRIES_MAX) throw batchTooMany(entries.length);
  const seen = new Set<string>();
  for (const { Id = "" } of entries) {
    if (!/^[\w-]+$/.test(Id) || Id.length > BATCH_ID_CHARACTERS_MAX) throw batchIdInvalid();
    if (seen.has(Id)) throw batchIdRepeated(Id);
    seen.add(Id);
  }
  return entries;
}

interface Outcome<Done> {
  readonly Successful: Done[];
  readonly Failed: BatchResultErrorEntry[] | undefined;
}

/** Does what each entry asks, one after another. */
export async function eachEntry<E extends Entry, Done>(
  entries: readonly E[],
  work: (entry: E, at: number) => Promise<Done>,
): Promise<Outcome<Done>> {
  const done: Done[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const [at, entry] of entries.entries()) {
    try {
      done.push(await work(entry, at));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message } = error;
      failed.push({ Id: entry.Id ?? "", SenderFault: true, Code: code, Message: message });
    }
  }
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_message_batch_with_oversized_contents_with_updated_maximum_message_size)
  return { Successful: done, Failed: failed.length === 0 ? undefined : failed };
}

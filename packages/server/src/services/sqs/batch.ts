/**
 * Requests of several entries: each succeeds or fails by itself.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
 */
import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "../../kernel/aws-error.ts";
import { batchEmpty, batchIdInvalid, batchIdRepeated, batchTooMany } from "./errors.ts";
import { BATCH_ENTRIES_MAX, BATCH_ID_CHARACTERS_MAX } from "./limits.ts";

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
  readonly Failed: BatchResultErrorEntry[];
}

/** Does what each entry asks, one after another. */
export async function eachEntry<E extends Entry, Done>(
  entries: readonly E[],
  work: (entry: E, at: number) => Promise<Done>,
): Promise<Outcome<Done>> {
  const outcome: Outcome<Done> = { Successful: [], Failed: [] };
  for (const [at, entry] of entries.entries()) {
    try {
      outcome.Successful.push(await work(entry, at));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message } = error;
      outcome.Failed.push({ Id: entry.Id ?? "", SenderFault: true, Code: code, Message: message });
    }
  }
  return outcome;
}

/**
 * What is sent to topics when a job is done: what describing the job would tell.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/configuring-notifications.html
 */
import type { Context } from "../../../service/context.ts";
import type { RetrievalJob } from "./row.ts";
import { formatJob } from "./job.ts";
import { vaultArn } from "../kit.ts";
import { requireTopic } from "../vault/notification.ts";
import type { FoundVault } from "../vault/row.ts";

/** The topic that the job named and that of the vault are both told. */
export async function sendNotice(job: RetrievalJob, { vault, place }: FoundVault, context: Context): Promise<void> {
  const event = job.task.kind === "archive" ? "ArchiveRetrievalCompleted" : "InventoryRetrievalCompleted";
  const { notifications } = vault;
  const topics = [job.topic, notifications?.events.includes(event) ? notifications.topic : undefined];
  const text = JSON.stringify(formatJob(job, place));
  const source = { arn: vaultArn(place, vault.name), account: place.account };
  for (const topic of topics) {
    if (topic === undefined) continue;
    await context.deliver({ to: requireTopic(topic), source, content: { kind: "message", text } }, place);
  }
}

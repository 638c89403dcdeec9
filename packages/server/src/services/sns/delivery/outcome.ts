/** What became of a delivery: counted, told, and where it failed, kept as a dead letter. */
import type { Context } from "../../../service/context.ts";
import { tellOf, type Delivered, type Outcome } from "./feedback.ts";
import { measureCount } from "../measure.ts";
import { bury } from "./dead-letter.ts";

type Facts = Omit<Outcome, "succeeded">;

export function noteSuccess(facts: Facts, delivered: Delivered, context: Context): void {
  measureCount(delivered.publication.topic, "NumberOfNotificationsDelivered", context);
  tellOf({ ...facts, succeeded: true }, delivered, context);
}

export async function noteFailure(facts: Facts, delivered: Delivered, context: Context): Promise<void> {
  measureCount(delivered.publication.topic, "NumberOfNotificationsFailed", context);
  tellOf({ ...facts, succeeded: false }, delivered, context);
  await bury(delivered.publication, delivered.subscription, context);
}

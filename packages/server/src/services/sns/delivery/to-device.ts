/** Notifications of topics for apps on devices. */
import type { Context } from "../../../service/context.ts";
import { isAppNotice, tellOfApp } from "../app/event.ts";
import type { Message } from "../message/message.ts";
import { findApplicationOf, findEndpoint, pushTo, requireEnabled } from "../app/push.ts";
import { endpointNotFound } from "../errors.ts";
import type { Publication } from "../message/publication.ts";
import type { Subscription } from "../subscription/row.ts";

/** Source: https://pastebin.com/jwmdfVQE (its words) */
async function tellOfFailure({ id }: Message, { endpoint }: Subscription, context: Context): Promise<void> {
  const application = await findApplicationOf(endpoint, context);
  if (application === undefined) return;
  const more = {
    DeliveryAttempts: 1,
    FailureMessage: "Endpoint was not found",
    FailureType: "EndpointNotFound",
    MessageId: id,
  };
  tellOfApp({ type: "DeliveryFailure", application, endpointArn: endpoint, more }, context);
}

export async function toDevice({ message }: Publication, subscription: Subscription, context: Context): Promise<void> {
  const endpoint = await findEndpoint(subscription.endpoint, context);
  if (endpoint === undefined) {
    if (!isAppNotice(message)) await tellOfFailure(message, subscription, context);
    throw endpointNotFound();
  }
  await requireEnabled(endpoint, context);
  await pushTo(endpoint, message, context);
}

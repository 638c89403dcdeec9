/** Notifications of topics for apps on devices. */
import type { Context } from "../../../service/context.ts";
import { findEndpoint, pushTo, requireEnabled } from "../push.ts";
import { endpointNotFound } from "../errors.ts";
import type { Publication } from "../publication.ts";
import type { Subscription } from "../subscription-row.ts";

export async function toDevice({ message }: Publication, subscription: Subscription, context: Context): Promise<void> {
  const endpoint = await findEndpoint(subscription.endpoint, context);
  if (endpoint === undefined) throw endpointNotFound();
  await requireEnabled(endpoint, context);
  await pushTo(endpoint, message, context);
}

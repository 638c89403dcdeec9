/** Text messages of topics: they are kept in the cloud's outbox. */
import type { Context } from "../../../service/context.ts";
import { numberOptedOut } from "../errors.ts";
import { textFor } from "../message/message.ts";
import type { Publication } from "../message/publication.ts";
import { sendText } from "../phone/sms.ts";
import type { Subscription } from "../subscription/row.ts";

export async function toPhone(
  { topic, message }: Publication,
  subscription: Subscription,
  context: Context,
): Promise<void> {
  const text = textFor(message, "sms");
  const { DisplayName: name = "" } = topic.settings;
  // Source: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html (DisplayName)
  const shown = name === "" ? text : `${name}> ${text}`;
  const { endpoint: to } = subscription;
  const isTaken = await sendText({ to, text: shown, attributes: message.attributes, place: topic }, context);
  if (!isTaken) throw numberOptedOut();
}

/** A message on its way to the subscribers of a topic. */
import type { Arn } from "../../../kernel/arn.ts";
import { onceThere } from "../../../kernel/once.ts";
import type { Context } from "../../../service/context.ts";
import type { Message } from "./message.ts";
import { notificationOf, type Envelope } from "./notification.ts";
import { signerOf, type Signer } from "../signature/key.ts";
import type { Subscription } from "../subscription/row.ts";
import { arnOf, isFifo, type Topic } from "../topic/row.ts";

export interface Publication {
  readonly topic: Topic;
  readonly message: Message;
  /** In its envelope, signed once for all who get the same words. */
  envelopeFor(subscription: Subscription): Promise<Envelope>;
}

export function publicationOf(topic: Topic, message: Message, context: Context): Publication {
  const signer = onceThere(async () => remembering(await topicSigner(topic, context)));
  const topicArn = arnOf(topic);
  return {
    topic,
    message,
    async envelopeFor(subscription) {
      return notificationOf(message, { topicArn, subscription, signer: await signer() });
    },
  };
}

/** What messages of a topic are signed with. */
export async function topicSigner(topic: Topic, context: Context): Promise<Signer | undefined> {
  if (isFifo(topic)) return undefined;
  return signerOf(topic.settings["SignatureVersion"] === "2" ? "2" : "1", context);
}

/** The same text has the same signature. */
function remembering(signer: Signer | undefined): Signer | undefined {
  if (signer === undefined) return undefined;
  const made = new Map<string, string>();
  return {
    ...signer,
    sign(text) {
      const signature = made.get(text) ?? signer.sign(text);
      made.set(text, signature);
      return signature;
    },
  };
}

/** Where the calls of a topic come from: its policy's `aws:SourceArn` and `aws:SourceAccount`. */
export const SERVICE = { type: "service", service: "sns.amazonaws.com" } as const;

export const sourceOf = (topic: Topic): { readonly arn: Arn; readonly account: Topic["account"] } => ({
  arn: arnOf(topic),
  account: topic.account,
});

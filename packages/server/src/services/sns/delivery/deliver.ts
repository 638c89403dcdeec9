/** One message to one subscriber: what fails there is the end of nothing else. */
import type { Context } from "../../../service/context.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Publication } from "../message/publication.ts";
import type { Protocol, Subscription } from "../subscription/row.ts";
import { noteFailure, noteSuccess } from "./outcome.ts";
import { toDevice } from "./to-device.ts";
import { toFunction } from "./to-function.ts";
import { toMailbox } from "./to-mailbox.ts";
import { toPhone } from "./to-phone.ts";
import { toQueue } from "./to-queue.ts";
import { toWeb } from "./to-web.ts";

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_delivery_lambda) */
const TAKEN_BY_FUNCTION = { statusCode: 202 };
const TAKEN = { statusCode: 200, attempts: 1 };
const REFUSED = 403;

/** Gives what the receiver says to it. */
type Send = (publication: Publication, subscription: Subscription, context: Context) => Promise<object | void>;

const WAYS: Readonly<Record<Protocol, Send>> = {
  application: toDevice,
  email: toMailbox,
  "email-json": toMailbox,
  // refused when somebody subscribes
  firehose: () => Promise.resolve(),
  http: toWeb,
  https: toWeb,
  lambda: toFunction,
  sms: toPhone,
  sqs: toQueue,
};

/**
 * An endpoint that refuses, or is gone, is not asked again: only its dead letters are left.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html (client-side errors)
 */
export async function deliver(publication: Publication, subscription: Subscription, context: Context): Promise<void> {
  const { protocol } = subscription;
  let said: object | void;
  try {
    said = await WAYS[protocol](publication, subscription, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const response = JSON.stringify(refusalOf(error, protocol));
    await noteFailure({ statusCode: REFUSED, attempts: 1, response }, { publication, subscription }, context);
    return;
  }
  // what goes over the web is on its way
  if (protocol !== "http" && protocol !== "https") {
    const facts = protocol === "lambda" ? TAKEN_BY_FUNCTION : TAKEN;
    noteSuccess({ ...facts, response: JSON.stringify(said ?? {}) }, { publication, subscription }, context);
  }
}

/** Assumed: AWS's documentation says no more than that the answer is there. */
const refusalOf = ({ code: ErrorCode, message: ErrorMessage }: AwsError, protocol: Protocol): object => ({
  ErrorCode,
  ErrorMessage,
  ...(protocol === "sqs" && { sqsRequestId: "Unrecoverable" }),
});

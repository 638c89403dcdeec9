/**
 * What a subscription's endpoint must be, by its protocol.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html (Endpoint)
 */
import { parseArn } from "../../../kernel/arn.ts";
import { fifoQueueOfStandardTopic, invalid, notBuilt, protocolUnknown, smsEndpointInvalid } from "../errors.ts";
import { PROTOCOLS, type Protocol } from "./row.ts";
import { isFifo, type Topic } from "../topic/row.ts";

export function requireProtocol(protocol: string): Protocol {
  const known = PROTOCOLS.find((name) => name === protocol);
  if (known === undefined) throw protocolUnknown(protocol);
  return known;
}

/** As it is kept. @throws {AwsError} `InvalidParameter`; `NotImplemented` for Firehose */
export function requireEndpoint(protocol: Protocol, endpoint: string, topic: Topic): string {
  if (isFifo(topic) && protocol !== "sqs") {
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/38441
    throw invalid(`Invalid protocol type: ${protocol}`);
  }
  return CHECKS[protocol](endpoint, topic);
}

const CHECKS: Readonly<Record<Protocol, (endpoint: string, topic: Topic) => string>> = {
  sqs(endpoint, topic) {
    const queue = parseArn(endpoint);
    if (queue?.service !== "sqs" || queue.account === "") throw invalid("SQS endpoint ARN");
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_validations_for_fifo)
    if (queue.resource.endsWith(".fifo") && !isFifo(topic)) throw fifoQueueOfStandardTopic();
    return endpoint;
  },
  lambda(endpoint) {
    const called = parseArn(endpoint);
    if (called?.service !== "lambda" || !called.resource.startsWith("function:")) throw invalid("Lambda endpoint ARN");
    return endpoint;
  },
  firehose(endpoint) {
    if (parseArn(endpoint)?.service !== "firehose") throw invalid("Firehose endpoint ARN");
    throw notBuilt("subscriptions of Firehose delivery streams");
  },
  application(endpoint) {
    const parts = parseArn(endpoint);
    if (parts?.service === "sns" && parts.resource.startsWith("endpoint/")) return endpoint;
    throw invalid(`Application endpoint arn invalid:${endpoint}`);
  },
  http: (endpoint) => requireUrl(endpoint, "http:"),
  https: (endpoint) => requireUrl(endpoint, "https:"),
  email: requireAddress,
  "email-json": requireAddress,
  sms(endpoint) {
    if (!isSmsEndpoint(endpoint)) throw smsEndpointInvalid(endpoint);
    return endpoint;
  },
};

function requireUrl(endpoint: string, scheme: string): string {
  if (!endpoint.startsWith(`${scheme}//`)) throw invalid("Endpoint must match the specified protocol");
  if (!URL.canParse(endpoint)) throw invalid("Endpoint");
  return endpoint;
}

function requireAddress(endpoint: string): string {
  if (!/^[^\s@]+@[^\s@]+$/.test(endpoint)) throw invalid("Email address");
  return endpoint;
}

const DIGITS_MAX = 20;

/**
 * Digits, with single marks between them.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_subscribe_sms_obscure_phone_number, test_subscribe_invalid_sms)
 */
const isSmsEndpoint = (number: string): boolean =>
  /^\+?\d(?:[-./ ]?\(?\d\)?)*$/.test(number) && number.replace(/\D/g, "").length <= DIGITS_MAX;

/** A number to publish to: E.164. Source: https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html */
export const isPhoneNumber = (number: string): boolean => /^\+?[1-9]\d{1,14}$/.test(number);

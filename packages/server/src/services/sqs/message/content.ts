/** What a message says: checked, sized, and encrypted as its queue says. */
import { hash } from "node:crypto";
import type { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { decryptContent, encryptContent, type Encrypted } from "../encryption.ts";
import { charactersInvalid, messageEmpty } from "../errors.ts";
import {
  ALLOWED,
  digestOf,
  requireAttributes,
  sizeOf,
  type GivenAttributes,
  type KeptAttributes,
} from "./attribute.ts";
import { contentOf, type Message } from "./row.ts";
import { numberOf, type Queue } from "../queue/row.ts";

export interface Content {
  readonly body: string;
  readonly attributes: KeptAttributes;
  readonly traceHeader?: string;
}

export interface SentContent {
  readonly MessageBody: string | undefined;
  readonly MessageAttributes?: GivenAttributes;
  readonly MessageSystemAttributes?: GivenAttributes;
}

/** Bytes of a message, as its limits count them. */
export const bytesOf = ({ body, attributes }: Content): number => Buffer.byteLength(body) + sizeOf(attributes);

/** @throws {AwsError} `MissingParameter`, `InvalidMessageContents`, `InvalidParameterValue` */
export function requireContent(
  sent: SentContent,
  { queue, tooLong }: { readonly queue: Queue; readonly tooLong: (bytesMax: number) => AwsError },
  context: Context,
): Content {
  const { MessageBody: body = "", MessageAttributes, MessageSystemAttributes } = sent;
  if (body === "") throw messageEmpty();
  if (!ALLOWED.test(body)) throw charactersInvalid();
  const attributes = requireAttributes(MessageAttributes);
  const { AWSTraceHeader } = requireAttributes(MessageSystemAttributes);
  const traceHeader = AWSTraceHeader?.text ?? traceOf(context);
  const content = { body, attributes, ...(traceHeader !== undefined && { traceHeader }) };
  const bytesMax = numberOf(queue, "MaximumMessageSize");
  if (bytesOf(content) > bytesMax) throw tooLong(bytesMax);
  return content;
}

/** The header that follows a request through services. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_aws_trace_header_propagation, run against AWS) */
function traceOf({ request }: Context): string | undefined {
  const header = request.headers["x-amzn-trace-id"];
  return header?.includes("Root=") === true ? header : undefined;
}

export interface Digests {
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly MD5OfMessageSystemAttributes?: string;
}

/** Of what was sent as an attribute, not of what came in a header. */
export function digestsOf({ body, attributes }: Content, system: GivenAttributes): Digests {
  const ofAttributes = digestOf(attributes);
  const ofSystem = digestOf(requireAttributes(system));
  return {
    MD5OfMessageBody: md5(body),
    ...(ofAttributes !== undefined && { MD5OfMessageAttributes: ofAttributes }),
    ...(ofSystem !== undefined && { MD5OfMessageSystemAttributes: ofSystem }),
  };
}

const md5 = (text: string): string => hash("md5", text, "hex");

export const sealContent = (content: Content, queue: Queue, context: Context): Promise<Encrypted> =>
  encryptContent(JSON.stringify(content), queue, context);

export async function openContent(message: Message, queue: Queue, context: Context): Promise<Content> {
  const kept = await contentOf(message, context.tx.in(queue));
  const content: Content = JSON.parse(await decryptContent({ ...message, content: kept }, queue, context));
  return content;
}

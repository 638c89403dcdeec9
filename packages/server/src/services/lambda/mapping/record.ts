/** A queue's message as a function gets it. Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { Mapping } from "./row.ts";
import type { Message } from "@aws-sdk/client-sqs";
import { SYNCHRONOUS_BYTES_MAX } from "../limits.ts";

export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, object>>;
  readonly md5OfMessageAttributes?: string | null;
  readonly md5OfBody: string;
  readonly eventSource: "aws:sqs";
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

type Reader = Pick<Mapping, "sourceArn" | "region" | "windowSeconds">;

export function recordOf(message: Message, { sourceArn, region, windowSeconds }: Reader): QueueRecord {
  // readers that wait for a batch say that there is none.
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_sqs.snapshot.json
  const md5 = message.MD5OfMessageAttributes ?? (windowSeconds > 0 ? null : undefined);
  return {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: message.Attributes ?? {},
    messageAttributes: attributesOf(message),
    ...(md5 !== undefined && { md5OfMessageAttributes: md5 }),
    md5OfBody: message.MD5OfBody ?? "",
    eventSource: "aws:sqs",
    eventSourceARN: sourceArn,
    awsRegion: region,
  };
}

function attributesOf({ MessageAttributes = {} }: Message): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue, DataType }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}

const EVENT_FRAME_BYTES = Buffer.byteLength('{"Records":[]}');

/** As many records together as one event holds. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html (6 MB) */
export function eventsOf(records: readonly QueueRecord[]): readonly (readonly QueueRecord[])[] {
  const events: QueueRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    const last = events.at(-1);
    if (last !== undefined && bytes + size <= SYNCHRONOUS_BYTES_MAX) {
      last.push(record);
      bytes += size;
    } else {
      events.push([record]);
      bytes = EVENT_FRAME_BYTES + size;
    }
  }
  return events;
}

/** JSON, or the text itself where it is none. */
export function parseEvent(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    return text;
  }
}

/** What is published: checked, and in the words that each protocol gets. */
import { invalid, messageEmpty, messageTooLong, structureUnparsed, structureWithoutDefault } from "../errors.ts";
import { asObject } from "../json-object.ts";
import { MESSAGE_BYTES_MAX, SUBJECT_CHARACTERS_MAX } from "../limits.ts";
import { requireAttributes, sizeOf, type GivenAttributes, type KeptAttributes } from "./attribute.ts";

/** Plain JSON. */
export interface Message {
  readonly id: string;
  readonly atMs: number;
  readonly subject?: string;
  /** By protocol or platform; `default` is always there. */
  readonly texts: { readonly default: string } & Readonly<Record<string, string>>;
  readonly attributes: KeptAttributes;
  /** FIFO topics only: its place in the order. */
  readonly order?: MessageOrder;
  /** FIFO topics keep what they are given; standard topics pass it on to queues. */
  readonly group?: string;
  /** It was published before, and comes from the archive. */
  readonly isReplayed?: true;
}

export interface MessageOrder {
  readonly sequence: number;
  readonly group: string;
  readonly deduplicationId: string;
}

export interface GivenMessage {
  readonly Message: string;
  readonly Subject?: string | undefined;
  readonly MessageStructure?: string | undefined;
  readonly MessageAttributes?: GivenAttributes | undefined;
}

export type Content = Pick<Message, "subject" | "texts" | "attributes">;

/** @throws {AwsError} `InvalidParameter`, `ParameterValueInvalid` */
export function requireContent(given: GivenMessage): Content {
  const { Message: text, Subject: subject, MessageStructure: structure } = given;
  if (text === "") throw messageEmpty();
  if (subject !== undefined && !isSubject(subject)) throw invalid("Subject");
  const attributes = requireAttributes(given.MessageAttributes);
  if (bytesOf(text, attributes) > MESSAGE_BYTES_MAX) throw messageTooLong();
  if (structure !== undefined && structure !== "" && structure !== "json") throw invalid("MessageStructure");
  const texts = structure === "json" ? textsOf(text) : { default: text };
  return { texts, attributes, ...(subject !== undefined && { subject }) };
}

/** As limits count them. */
export const bytesOf = (text: string, attributes: KeptAttributes): number =>
  Buffer.byteLength(text) + sizeOf(attributes);

/** Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (Subject) */
const isSubject = (subject: string): boolean =>
  subject.length > 0 &&
  subject.length <= SUBJECT_CHARACTERS_MAX &&
  !/\p{Cc}/u.test(subject) &&
  !subject.startsWith(" ");

/** Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (MessageStructure): other values than texts are ignored */
function textsOf(message: string): Message["texts"] {
  const given = parsed(message);
  const usual = given["default"];
  if (typeof usual !== "string") throw structureWithoutDefault();
  const texts = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { ...Object.fromEntries(texts), default: usual };
}

function parsed(message: string): Readonly<Record<string, unknown>> {
  try {
    const value = asObject(JSON.parse(message));
    if (value !== undefined) return value;
  } catch {
    throw structureUnparsed();
  }
  throw structureUnparsed();
}

/** What a protocol gets. */
export const textFor = ({ texts }: Pick<Message, "texts">, protocol: string): string =>
  texts[protocol] ?? texts.default;

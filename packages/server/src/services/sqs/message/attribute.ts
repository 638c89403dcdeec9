/**
 * Attributes of messages: what they must be, how they are kept, and their digest.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { isDecimal } from "../../../kernel/decimal.ts";
import {
  attributeBlank,
  attributeCharactersInvalid,
  attributeEmpty,
  attributeNameInvalid,
  attributeNotNumeric,
  attributeTypeInvalid,
  attributeTypeMissing,
  listsUnsupported,
  tooManyAttributes,
} from "../errors.ts";
import { ATTRIBUTE_NAME_CHARACTERS_MAX, ATTRIBUTE_TYPE_CHARACTERS_MAX, MESSAGE_ATTRIBUTES_MAX } from "../limits.ts";

/** As it is kept: a text, or bytes as base64. */
export interface KeptAttribute {
  readonly type: string;
  readonly text?: string;
  readonly bytes?: string;
}

export type KeptAttributes = Readonly<Record<string, KeptAttribute>>;

export interface GivenAttribute {
  readonly DataType: string | undefined;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
  readonly StringListValues?: readonly string[] | undefined;
  readonly BinaryListValues?: readonly Uint8Array[] | undefined;
}

export type GivenAttributes = Readonly<Record<string, GivenAttribute>> | undefined;

/** @throws {AwsError} `InvalidParameterValue`, `UnsupportedOperation` */
export function requireAttributes(given: GivenAttributes): KeptAttributes {
  const entries = Object.entries(given ?? {});
  if (entries.length > MESSAGE_ATTRIBUTES_MAX) throw tooManyAttributes(entries.length, MESSAGE_ATTRIBUTES_MAX);
  if (entries.some(([, value]) => isListed(value))) throw listsUnsupported();
  return Object.fromEntries(entries.map(([name, value]) => [name, requireAttribute(name, value)]));
}

const isListed = ({ StringListValues = [], BinaryListValues = [] }: GivenAttribute): boolean =>
  StringListValues.length + BinaryListValues.length > 0;

function requireAttribute(name: string, given: GivenAttribute): KeptAttribute {
  const { DataType: type } = given;
  if (!isName(name)) throw attributeNameInvalid(name);
  if (type === undefined || type === "") throw attributeTypeMissing(name);
  const [kind] = type.split(".", 1);
  const isKnown = kind === "String" || kind === "Number" || kind === "Binary";
  if (!isKnown || type.length > ATTRIBUTE_TYPE_CHARACTERS_MAX) throw attributeTypeInvalid(name);
  if (kind === "Binary") return { type, bytes: requireBytes(name, given) };
  const text = requireText(name, given);
  if (kind === "Number" && !isDecimal(text.trim())) throw attributeNotNumeric(name);
  return { type, text };
}

function requireBytes(name: string, { DataType: type = "", BinaryValue: bytes }: GivenAttribute): string {
  if (bytes === undefined || bytes.byteLength === 0) throw attributeEmpty(name, type);
  return Buffer.from(bytes).toString("base64");
}

function requireText(name: string, { DataType: type = "", StringValue: text }: GivenAttribute): string {
  if (text === undefined) throw attributeEmpty(name, type);
  if (text === "") throw attributeBlank(name, type);
  if (!ALLOWED.test(text)) throw attributeCharactersInvalid(name);
  return text;
}

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (MessageBody) */
export const ALLOWED = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Letters of all alphabets. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_send_message_with_invalid_string_attributes, run against AWS) */
function isName(name: string): boolean {
  if (!/^[\p{L}\p{N}_.-]+$/u.test(name) || name.length > ATTRIBUTE_NAME_CHARACTERS_MAX) return false;
  return !/^\.|\.$|\.\./.test(name) && !/^(AWS|Amazon)\./i.test(name);
}

/** What attributes add to the size of a message: names, types and values. */
export function sizeOf(attributes: KeptAttributes): number {
  let bytes = 0;
  for (const [name, { type, text = "", bytes: binary = "" }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(text);
    bytes += Buffer.byteLength(binary, "base64");
  }
  return bytes;
}

/** The same of attributes that nobody has checked yet. */
export function givenSizeOf(attributes: GivenAttributes): number {
  let bytes = 0;
  for (const [name, { DataType = "", StringValue = "", BinaryValue }] of Object.entries(attributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += BinaryValue?.byteLength ?? 0;
  }
  return bytes;
}

const STRING_VALUE = 1;
const BINARY_VALUE = 2;

/**
 * The MD5 of attributes in the order of their names; `undefined` where there are none.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function digestOf(attributes: KeptAttributes): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const digest = createHash("md5");
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const { type = "", text, bytes = "" } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(type));
    digest.update(Buffer.of(text === undefined ? BINARY_VALUE : STRING_VALUE));
    add(text === undefined ? Buffer.from(bytes, "base64") : Buffer.from(text));
  }
  return digest.digest("hex");
}

export const showAttribute = ({ type, text, bytes }: KeptAttribute): MessageAttributeValue => ({
  DataType: type,
  ...(text === undefined ? { BinaryValue: Buffer.from(bytes ?? "", "base64") } : { StringValue: text }),
});

/** The attributes that were asked for: by name, by prefix (`order.*`), or all. */
export function wantedOf(attributes: KeptAttributes, wanted: readonly string[]): KeptAttributes {
  const isWanted = (name: string): boolean =>
    wanted.some((one) => {
      if (one === "All" || one === "*" || one === ".*" || one === name) return true;
      return one.endsWith(".*") && name.startsWith(one.slice(0, -2));
    });
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

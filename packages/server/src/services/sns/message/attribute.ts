/**
 * Attributes of messages: what they must be, and how they are kept.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
import { isDecimal } from "../../../kernel/decimal.ts";
import {
  attributeEmpty,
  attributeField,
  attributeNameBegins,
  attributeNameCharacter,
  attributeNameDots,
  attributeNameEnds,
  attributeNameTooLong,
  attributeNotNumeric,
  attributeTypeInvalid,
} from "../errors.ts";
import { ATTRIBUTE_NAME_BYTES_MAX } from "../limits.ts";

/** As it is kept: a text, or bytes as base64. */
export type KeptAttribute =
  | { readonly type: string; readonly text: string }
  | { readonly type: string; readonly base64: string };

export type KeptAttributes = Readonly<Record<string, KeptAttribute>>;

interface GivenAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: Uint8Array | undefined;
}

export type GivenAttributes = Readonly<Record<string, GivenAttribute>>;

/** @throws {AwsError} `ParameterValueInvalid` */
export const requireAttributes = (given: GivenAttributes = {}): KeptAttributes =>
  Object.fromEntries(
    Object.entries(given).map(([name, attribute]) => {
      requireName(name);
      return [name, requireAttribute(name, attribute)];
    }),
  );

function requireName(name: string): void {
  if (Buffer.byteLength(name) > ATTRIBUTE_NAME_BYTES_MAX) throw attributeNameTooLong();
  const odd = /[^\w.-]/u.exec(name)?.[0];
  if (odd !== undefined) throw attributeNameCharacter(odd);
  if (name.startsWith(".")) throw attributeNameBegins();
  if (name.endsWith(".")) throw attributeNameEnds();
  if (name.includes("..")) throw attributeNameDots();
}

/** The three kinds, and labels of one's own behind a dot: `Number.int`. */
const TYPE = /^(String|Number|Binary)(?:\..+)?$/s;

function requireAttribute(name: string, given: GivenAttribute): KeptAttribute {
  const { DataType: type } = given;
  const kind = TYPE.exec(type)?.[1];
  if (kind === undefined) throw attributeTypeInvalid(name);
  if (kind === "Binary") return { type, base64: requireBytes(name, given) };
  const text = requireText(name, given);
  if (kind === "Number" && !isDecimal(text.trim())) throw attributeNotNumeric(name);
  return { type, text };
}

function requireBytes(name: string, { DataType: type, StringValue: text, BinaryValue: bytes }: GivenAttribute): string {
  if (bytes === undefined && text !== undefined && text !== "") throw attributeField(name, type, "Binary");
  if (bytes === undefined || bytes.byteLength === 0) throw attributeEmpty(name, type);
  return Buffer.from(bytes).toString("base64");
}

function requireText(name: string, { DataType: type, StringValue: text, BinaryValue: bytes }: GivenAttribute): string {
  if (text === undefined && bytes !== undefined && bytes.byteLength > 0) throw attributeField(name, type, "String");
  if (text === undefined || text === "") throw attributeEmpty(name, type);
  return text;
}

/** The elements of a `String.Array`: texts, numbers, true, false and null. What is no list stands for itself. */
export function arrayOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return [value].flat();
  } catch {
    return [text];
  }
}

/** What attributes add to the size of a message: names, types and values. */
export function sizeOf(attributes: KeptAttributes): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.type);
    bytes += "text" in attribute ? Buffer.byteLength(attribute.text) : Buffer.byteLength(attribute.base64, "base64");
  }
  return bytes;
}

/** As messages show them: `{"Type":"String","Value":"blue"}`. */
export const showAttribute = (attribute: KeptAttribute) => ({
  Type: attribute.type,
  Value: "text" in attribute ? attribute.text : attribute.base64,
});

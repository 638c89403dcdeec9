/** Attributes of users, held to the schema of their pool. */
import type { AttributeType, SchemaAttributeType } from "@aws-sdk/client-cognito-identity-provider";
import { invalidParameter, nonconforming } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { Attributes } from "./user-row.ts";

export const attributesOf = (listed: readonly Partial<AttributeType>[] | undefined): Attributes =>
  Object.fromEntries((listed ?? []).map(({ Name = "", Value = "" }) => [Name, Value]));

const find = ({ schema }: Pool, name: string): SchemaAttributeType | undefined =>
  schema.find(({ Name }) => Name === name);

/** Attributes that nobody sets by name. */
const OWN: readonly string[] = ["sub", "identities"];

/** @throws {AwsError} `InvalidParameterException` where an attribute is not in the schema, or its value not as it says. */
export function requireConforming(pool: Pool, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = find(pool, name);
    if (!attribute) throw nonconforming(`${name}: Attribute does not exist in the schema.\n`);
    if (OWN.includes(name)) throw invalidParameter(`Cannot modify the non-mutable attribute ${name}`);
    if (value !== "") requireValue(attribute, value);
  }
}

/** @throws {AwsError} `InvalidParameterException` where the schema wants an attribute that is not there. */
export function requireComplete({ schema }: Pool, attributes: Attributes): void {
  const missing = schema
    .map(({ Name = "", Required }) => (Required === true ? Name : ""))
    .filter((name) => name !== "" && name !== "sub" && (attributes[name] ?? "") === "");
  if (missing.length > 0) {
    throw nonconforming(missing.map((name) => `${name}: The attribute ${name} is required\n`).join(""));
  }
}

/** @throws {AwsError} `InvalidParameterException` where an attribute may not be changed once it is there. */
export function requireMutable(pool: Pool, before: Attributes, names: readonly string[]): void {
  const fixed = names.find((name) => find(pool, name)?.Mutable === false && before[name] !== undefined);
  if (fixed !== undefined) throw invalidParameter(`user.${fixed}: Attribute cannot be updated.\n`);
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html (E.164) */
const PHONE_NUMBER = /^\+[1-9]\d{1,14}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@.]+$|^[^\s@]+@localhost$/;

export const isEmail = (text: string): boolean => EMAIL.test(text);
export const isPhoneNumber = (text: string): boolean => PHONE_NUMBER.test(text);

function requireAddress(name: string, value: string): void {
  if (name === "email" && !isEmail(value)) throw invalidParameter("Invalid email address format.");
  if (name === "phone_number" && !isPhoneNumber(value)) throw invalidParameter("Invalid phone number format.");
}

function requireValue(attribute: SchemaAttributeType, value: string): void {
  const { Name: name = "", AttributeDataType: type } = attribute;
  requireAddress(name, value);
  switch (type) {
    case "Boolean":
      if (!/^(true|false)$/i.test(value)) throw nonconforming(`${name}: Attribute value must be boolean\n`);
      return;
    case "Number":
      return requireNumber(attribute, value);
    case "DateTime":
      if (Number.isNaN(Date.parse(value))) throw nonconforming(`${name}: Attribute value must be a date\n`);
      return;
    case "String":
    case undefined:
      return requireLength(attribute, value);
  }
}

function requireNumber(
  { Name: name = "", NumberAttributeConstraints: bounds = {} }: SchemaAttributeType,
  value: string,
): void {
  if (!/^-?\d+(\.\d+)?$/.test(value)) throw nonconforming(`${name}: Attribute value must be a number\n`);
  if (bounds.MinValue !== undefined && Number(value) < Number(bounds.MinValue)) {
    throw nonconforming(`${name}: Number cannot be lesser than ${bounds.MinValue}\n`);
  }
  if (bounds.MaxValue !== undefined && Number(value) > Number(bounds.MaxValue)) {
    throw nonconforming(`${name}: Number cannot be greater than ${bounds.MaxValue}\n`);
  }
}

function requireLength(
  { Name: name = "", StringAttributeConstraints: bounds = {} }: SchemaAttributeType,
  value: string,
): void {
  if (bounds.MinLength !== undefined && value.length < Number(bounds.MinLength)) {
    throw nonconforming(`${name}: String must be at least ${bounds.MinLength} characters long\n`);
  }
  if (bounds.MaxLength !== undefined && value.length > Number(bounds.MaxLength)) {
    throw nonconforming(`${name}: String must be at most ${bounds.MaxLength} characters long\n`);
  }
}

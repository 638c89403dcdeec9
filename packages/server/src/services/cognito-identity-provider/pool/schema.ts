/**
 * What attributes a pool's users have. Source for the standard ones:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
 */
import type { SchemaAttributeType } from "@aws-sdk/client-cognito-identity-provider";
import { invalidParameter, tooMany } from "../errors.ts";
import { CUSTOM_ATTRIBUTES_MAX } from "../limits.ts";

const text = (
  Name: string,
  constraints: SchemaAttributeType["StringAttributeConstraints"] = { MinLength: "0", MaxLength: "2048" },
) =>
  ({
    Name,
    AttributeDataType: "String",
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    StringAttributeConstraints: constraints,
  }) as const satisfies SchemaAttributeType;

const truth = (Name: string) =>
  ({
    Name,
    AttributeDataType: "Boolean",
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
  }) as const satisfies SchemaAttributeType;

/** In the order that AWS lists them in. */
const STANDARD: readonly SchemaAttributeType[] = [
  text("profile"),
  text("address"),
  text("birthdate", { MinLength: "10", MaxLength: "10" }),
  text("gender"),
  text("preferred_username"),
  {
    Name: "updated_at",
    AttributeDataType: "Number",
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    NumberAttributeConstraints: { MinValue: "0" },
  },
  text("website"),
  text("picture"),
  text("identities", {}),
  { ...text("sub", { MinLength: "1", MaxLength: "2048" }), Mutable: false, Required: true },
  text("phone_number"),
  truth("phone_number_verified"),
  text("zoneinfo"),
  text("locale"),
  text("email"),
  truth("email_verified"),
  text("given_name"),
  text("family_name"),
  text("middle_name"),
  text("name"),
  text("nickname"),
];

type Asked = Partial<Readonly<SchemaAttributeType>>;

/** The standard attributes as the caller changed them, and the custom ones. */
export function schemaOf(asked: readonly Asked[]): SchemaAttributeType[] {
  const standard = STANDARD.map((attribute) => {
    const change = asked.find(({ Name }) => Name === attribute.Name);
    return change ? changedStandard(attribute, change) : attribute;
  });
  const custom = asked.filter(({ Name }) => !STANDARD.some((attribute) => attribute.Name === Name));
  return withCustom(standard, custom);
}

/** @throws {AwsError} `InvalidParameterException` */
export function withCustom(schema: readonly SchemaAttributeType[], asked: readonly Asked[]): SchemaAttributeType[] {
  const all = [...schema];
  for (const each of asked) {
    const attribute = customAttribute(each);
    if (all.some(({ Name }) => bare(Name) === bare(attribute.Name))) {
      const held = all.find(({ Name }) => bare(Name) === bare(attribute.Name))?.Name;
      throw invalidParameter(`custom:${each.Name ?? ""}: Existing attribute already has name ${held ?? ""}.`);
    }
    all.push(attribute);
  }
  if (all.length - STANDARD.length > CUSTOM_ATTRIBUTES_MAX) {
    throw tooMany(`Custom attributes limit exceeded: ${CUSTOM_ATTRIBUTES_MAX}`);
  }
  return all;
}

const bare = (name = ""): string => name.replace(/^dev:/, "");

function changedStandard(attribute: SchemaAttributeType, asked: Asked): SchemaAttributeType {
  const { AttributeDataType: type = attribute.AttributeDataType, DeveloperOnlyAttribute: developer } = asked;
  if (type !== attribute.AttributeDataType || developer === true) {
    throw invalidParameter(
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${attribute.Name ?? ""}`,
    );
  }
  return {
    ...attribute,
    ...(asked.Mutable !== undefined && { Mutable: asked.Mutable }),
    ...(asked.Required !== undefined && { Required: asked.Required }),
    ...constraintsOf({ ...attribute, ...asked }, attribute.Name ?? ""),
  };
}

function customAttribute(asked: Asked): SchemaAttributeType {
  const { Name: name = "", AttributeDataType: type, DeveloperOnlyAttribute: developer = false, Required } = asked;
  if (type === undefined) {
    throw invalidParameter("Invalid AttributeDataType input, consider using the provided AttributeDataType enum.");
  }
  if (Required === true) throw invalidParameter("Required custom attributes are not supported currently.");
  return {
    Name: `${developer ? "dev:" : ""}custom:${name}`,
    AttributeDataType: type,
    DeveloperOnlyAttribute: developer,
    Mutable: asked.Mutable ?? true,
    Required: false,
    ...constraintsOf(asked, name),
  };
}

/** Only those that belong to the type count. */
function constraintsOf(
  asked: Asked,
  name: string,
): Pick<SchemaAttributeType, "StringAttributeConstraints" | "NumberAttributeConstraints"> {
  if (asked.AttributeDataType === "String") return { StringAttributeConstraints: stringConstraints(asked, name) };
  const { NumberAttributeConstraints: number } = asked;
  if (asked.AttributeDataType !== "Number" || number === undefined) return {};
  const { MinValue: least, MaxValue: most } = number;
  const low = parseBound(least, "NumberAttributeConstraints", name);
  const high = parseBound(most, "NumberAttributeConstraints", name);
  if (low !== undefined && high !== undefined && high < low) {
    throw invalidParameter(`user.${name}: Max value cannot be less than min value.`);
  }
  return { NumberAttributeConstraints: { ...number } };
}

const LENGTH_MAX = 2048;

function stringConstraints({ StringAttributeConstraints: asked }: Asked, name: string) {
  if (asked === undefined) return {};
  const { MinLength: least, MaxLength: most } = asked;
  const low = parseBound(least, "StringAttributeConstraints", name);
  const high = parseBound(most, "StringAttributeConstraints", name);
  if ((low ?? 0) > LENGTH_MAX || (high ?? 0) > LENGTH_MAX) {
    throw invalidParameter(`user.${name}: String attributes cannot have a length of more than ${LENGTH_MAX}`);
  }
  if (low !== undefined && high !== undefined && high < low) {
    throw invalidParameter(`user.${name}: Max length cannot be less than min length.`);
  }
  return { ...asked };
}

function parseBound(bound: string | undefined, kind: string, name: string): number | undefined {
  if (bound === undefined) return undefined;
  if (!/^-?\d+$/.test(bound)) throw invalidParameter(`Invalid ${kind} for schema attribute ${name}`);
  return Number(bound);
}

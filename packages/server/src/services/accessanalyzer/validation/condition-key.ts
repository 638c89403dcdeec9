/** Condition keys: which there are, and of which type. */
import { findGlobalKey } from "../../../identity/policy/global-key.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { ActionReference } from "../../../service/action-reference.ts";

/** The kinds of values, as the service authorization reference calls them. */
export type KeyType = "String" | "ARN" | "Bool" | "Date" | "Numeric" | "IPAddress";

export interface KnownKey {
  readonly type: KeyType;
  readonly values: "single" | "multiple";
  readonly isGlobal: boolean;
}

/** Of the global keys that are no strings. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const GLOBAL_TYPES: Readonly<Record<string, KeyType>> = {
  "aws:currenttime": "Date",
  "aws:epochtime": "Date",
  "aws:tokenissuetime": "Date",
  "aws:multifactorauthage": "Numeric",
  "aws:multifactorauthpresent": "Bool",
  "aws:principalisawsservice": "Bool",
  "aws:securetransport": "Bool",
  "aws:viaawsservice": "Bool",
  "aws:viaawsmcpservice": "Bool",
  "aws:ismcpserviceaction": "Bool",
  "aws:ec2instancesourceprivateipv4": "IPAddress",
  "aws:sourceip": "IPAddress",
  "aws:vpcsourceip": "IPAddress",
  "aws:chatbotsourcearn": "ARN",
  "aws:principalarn": "ARN",
  "aws:sourcearn": "ARN",
  "aws:sourcevpcarn": "ARN",
};

/** `undefined`: there is no such key, or it is one of an identity provider or of nobody known. */
export function findKey(key: string, reference: ActionReference): KnownKey | undefined {
  const global = findGlobalKey(key);
  if (global !== undefined) {
    return { type: findOwn(GLOBAL_TYPES, key.toLowerCase()) ?? "String", values: global.values, isGlobal: true };
  }
  const type = typeInService(key, reference);
  if (type === undefined) return undefined;
  const isArray = type.startsWith("ArrayOf");
  return { type: keyType(type.replace("ArrayOf", "")), values: isArray ? "multiple" : "single", isGlobal: false };
}

function keyType(type: string): KeyType {
  switch (type) {
    case "ARN":
    case "Bool":
    case "Date":
    case "Numeric":
    case "IPAddress":
      return type;
    default:
      return "String";
  }
}

/** A service's keys begin with its prefix; the rest of some is left to whoever writes the policy. */
function typeInService(key: string, reference: ActionReference): string | undefined {
  const prefix = key.slice(0, key.indexOf(":")).toLowerCase();
  for (const [name, type] of reference.of(prefix)?.conditionKeys ?? []) if (isNamed(key, name)) return type;
  return undefined;
}

/** Whether `key` is the documented key `name`, which may have a place for a tag's key: `s3:RequestObjectTag/<key>`. */
export function isNamed(key: string, name: string): boolean {
  const open = name.search(/\$\{|<|tag-key$|(?<=\/)$/);
  if (open === -1) return key.toLowerCase() === name.toLowerCase();
  const head = name.slice(0, open).toLowerCase();
  return key.toLowerCase().startsWith(head) && key.length > head.length;
}

/** The names that new users may have. */
import { invalidParameter } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import { isEmail, isPhoneNumber } from "./attribute.ts";
import { isNamedByAttribute, signsInWith, type Attributes } from "./user-row.ts";

/** What a new user's name says. */
export interface Naming {
  /** `undefined`: it is their `sub`. */
  readonly username: string | undefined;
  /** The attribute that the name is. */
  readonly attributes: Attributes;
}

/**
 * Source: https://github.com/boto/boto3/issues/3836
 * @throws {AwsError} `InvalidParameterException` where the pool wants a name of another form.
 */
export function namingOf(pool: Pool, name: string): Naming {
  if (!isNamedByAttribute(pool)) {
    requireNoAlias(pool, name);
    return { username: name, attributes: {} };
  }
  if (signsInWith(pool, "email") && isEmail(name)) return { username: undefined, attributes: { email: name } };
  if (signsInWith(pool, "phone_number") && isPhoneNumber(name)) {
    return { username: undefined, attributes: { phone_number: name } };
  }
  if (!signsInWith(pool, "phone_number")) throw invalidParameter("Username should be an email.");
  if (!signsInWith(pool, "email")) throw invalidParameter("Username should be a phone number.");
  throw invalidParameter("Username should be either an email or a phone number.");
}

function requireNoAlias({ settings }: Pool, name: string): void {
  const aliases = settings.AliasAttributes ?? [];
  if (aliases.includes("email") && isEmail(name)) {
    throw invalidParameter("Username cannot be of email format, since user pool is configured for email alias.");
  }
  if (aliases.includes("phone_number") && isPhoneNumber(name)) {
    throw invalidParameter(
      "Username cannot be of phone number format, since user pool is configured for phone number alias.",
    );
  }
}

/** Which attributes a client may read and write. */
import { unauthorizedWrite } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { Attributes, User } from "../user/user-row.ts";
import type { Client } from "./client-row.ts";

/** Those that a client may read and write which names none. */
const isStandard = (name: string): boolean => !/^(dev:)?custom:/.test(name);

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
export function readableAttributes({ schema }: Pool, { settings }: Client, { attributes }: User): Attributes {
  const named = settings.ReadAttributes ?? [];
  const may = (name: string): boolean =>
    named.length > 0 ? named.includes(name) : isStandard(name) && schema.some(({ Name }) => Name === name);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => may(name)));
}

/** That an address is verified is for codes and administrators to say. */
const isVerdict = (name: string): boolean => name === "email_verified" || name === "phone_number_verified";

/** @throws {AwsError} `NotAuthorizedException` where the client may not write one of the attributes. */
export function requireWritable({ settings }: Client, names: readonly string[]): void {
  const named = settings.WriteAttributes ?? [];
  const may = (name: string): boolean =>
    (named.length > 0 ? named.includes(name) : isStandard(name)) && !isVerdict(name);
  if (!names.every(may)) throw unauthorizedWrite();
}

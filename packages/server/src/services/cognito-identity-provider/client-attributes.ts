/** Which attributes a client may read and write. */
import { unauthorizedWrite } from "./errors.ts";
import type { Client } from "./client-row.ts";
import type { Pool } from "./pool-row.ts";
import type { Attributes, User } from "./user-row.ts";

/** Attributes that administrators alone see. */
const isForDevelopers = (name: string): boolean => name.startsWith("dev:");

/** A client that names none may read all but those for developers. */
export function readableAttributes({ schema }: Pool, { settings }: Client, { attributes }: User): Attributes {
  const named = settings.ReadAttributes ?? [];
  const may = (name: string): boolean =>
    named.length > 0 ? named.includes(name) : !isForDevelopers(name) && schema.some(({ Name }) => Name === name);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => may(name)));
}

/** That an address is verified is for codes and administrators to say. */
const isVerdict = (name: string): boolean => name === "email_verified" || name === "phone_number_verified";

/** @throws {AwsError} `NotAuthorizedException` where the client may not write one of the attributes. */
export function requireWritable({ settings }: Client, names: readonly string[]): void {
  const named = settings.WriteAttributes ?? [];
  const may = (name: string): boolean =>
    (named.length > 0 ? named.includes(name) : !isForDevelopers(name)) && !isVerdict(name);
  if (!names.every(may)) throw unauthorizedWrite();
}

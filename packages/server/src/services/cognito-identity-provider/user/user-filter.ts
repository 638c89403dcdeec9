/** The language that users are searched in. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html */
import { findOwn } from "../../../kernel/lookup.ts";
import { invalidParameter } from "../errors.ts";
import type { User } from "./user-row.ts";

/** What may be searched for, and where it lies. */
const SEARCHED: Readonly<Record<string, (user: User) => string | undefined>> = {
  username: ({ username }) => username,
  sub: ({ sub }) => sub,
  "cognito:user_status": ({ status }) => status,
  status: ({ enabled }) => (enabled ? "Enabled" : "Disabled"),
  email: ({ attributes }) => attributes["email"],
  phone_number: ({ attributes }) => attributes["phone_number"],
  name: ({ attributes }) => attributes["name"],
  given_name: ({ attributes }) => attributes["given_name"],
  family_name: ({ attributes }) => attributes["family_name"],
  preferred_username: ({ attributes }) => attributes["preferred_username"],
};

/** `status` and what is set by AWS compare in any case. */
const ANY_CASE: ReadonlySet<string> = new Set(["status", "cognito:user_status"]);

const FILTER = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

/** @throws {AwsError} `InvalidParameterException` */
export function parseFilter(text: string): (user: User) => boolean {
  const [, name, sign, quoted] = FILTER.exec(text) ?? [];
  if (name === undefined || quoted === undefined) throw invalidParameter("Error while parsing filter");
  const read = findOwn(SEARCHED, name);
  if (!read) throw invalidParameter(`Invalid search attribute: ${name}`);
  const inForm = (value: string) => (ANY_CASE.has(name) ? value.toLowerCase() : value);
  const wanted = inForm(quoted.replaceAll(/\\(.)/g, "$1"));
  return (user) => {
    const value = read(user);
    if (value === undefined) return false;
    return sign === "=" ? inForm(value) === wanted : inForm(value).startsWith(wanted);
  };
}

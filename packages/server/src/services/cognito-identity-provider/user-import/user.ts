/**
 * One user of a file.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { accountExists, invalidParameter } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import { requireComplete, requireConforming } from "../user/attribute.ts";
import { newUser } from "../user/new-user.ts";
import { findUser, isTrue, putUser, type Attributes, type User } from "../user/user-row.ts";
import { LINE_LENGTH_MAX, valuesIn } from "./file.ts";
import { importedPassword } from "./imported-password.ts";
import type { ImportJob } from "./row.ts";

/** What comes before the attributes in a file of users. */
const USER_NAME = "cognito:username";
const MFA_ENABLED = "cognito:mfa_enabled";
const PASSWORD_HASH = "password_hash";

/** Attributes of the schema that files have no columns for. */
const UNLISTED: readonly string[] = ["sub", "identities"];

/** The columns that a file of the pool has, in any order. */
export function columnsOf({ schema }: Pool): readonly string[] {
  const names = schema.flatMap(({ Name = "" }) => (UNLISTED.includes(Name) ? [] : [Name]));
  return [...names, MFA_ENABLED, USER_NAME];
}

/** The same for a job, whose file may bring passwords. */
export const columnsFor = (pool: Pool, { algorithm }: Pick<ImportJob, "algorithm">): readonly string[] =>
  algorithm === undefined ? columnsOf(pool) : [...columnsOf(pool), PASSWORD_HASH];

/** What became of a line: `skipped` where the user is there already. Nothing of the user is in the words. */
export interface LineOutcome {
  readonly kind: "imported" | "skipped" | "failed";
  readonly why: string;
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-cloudwatch.html */
const IMPORTED: LineOutcome = { kind: "imported", why: "The import succeeded." };
const SKIPPED: LineOutcome = { kind: "skipped", why: "The user already exists." };

export async function importLine(
  pool: Pool,
  { header, algorithm }: Pick<ImportJob, "algorithm"> & { readonly header: readonly string[] },
  line: string,
  context: Context,
): Promise<LineOutcome> {
  try {
    if (line.length > LINE_LENGTH_MAX) throw invalidParameter("The line is too long.");
    await importUser(pool, { fields: fieldsOf(header, line), algorithm }, context);
    return IMPORTED;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return TAKEN.includes(error.code) ? SKIPPED : { kind: "failed", why: error.message };
  }
}

const TAKEN: readonly string[] = ["UsernameExistsException", "AliasExistsException"];

function fieldsOf(header: readonly string[], line: string): Attributes {
  const values = valuesIn(line);
  if (values.length !== header.length) throw invalidParameter("The line has another number of values than the header.");
  const pairs = header.map((name, at) => [name, values[at] ?? ""] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ""));
}

/** Nothing is written before all is known to be right: the lines before this one stay. */
async function importUser(
  pool: Pool,
  { fields, algorithm }: Pick<ImportJob, "algorithm"> & { readonly fields: Attributes },
  context: Context,
): Promise<void> {
  const { [USER_NAME]: name, [MFA_ENABLED]: factor, [PASSWORD_HASH]: hash, ...rest } = fields;
  if (name === undefined || /\s/.test(name)) throw invalidParameter("The user has no name.");
  const attributes = withTruths(rest);
  const begun = await newUser(pool, { name, attributes, status: "RESET_REQUIRED", taken: accountExists }, context);
  const imported = algorithm && hash !== undefined ? importedPassword(algorithm, hash, context) : undefined;
  requireConforming(pool, attributes);
  requireComplete(pool, begun.attributes);
  requireBirthdate(attributes["birthdate"]);
  requireReachable(pool, begun);
  const smsOptions = smsOptionsOf(pool, factor, begun);
  await requireUntaken(pool, begun, context);
  const secret: Partial<User> = imported ? { imported, status: "CONFIRMED" } : {};
  await putUser(pool, { ...begun, ...secret, ...(smsOptions && { smsOptions }) }, context.tx);
}

const VERIFIED = ["email_verified", "phone_number_verified"];

const withTruths = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, VERIFIED.includes(name) ? value.toLowerCase() : value]),
  );

/** Files have a form of their own for it. */
function requireBirthdate(value: string | undefined): void {
  if (value !== undefined && !/^\d{2}\/\d{2}\/\d{4}$/.test(value)) throw invalidParameter("birthdate is no mm/dd/yyyy");
}

/** The user has to get the code for a first password somehow. */
function requireReachable({ settings }: Pool, { attributes }: User): void {
  for (const name of ["email", "phone_number"]) {
    if (isTrue(attributes[`${name}_verified`]) && attributes[name] === undefined) {
      throw invalidParameter(`The user has no ${name} that could be verified.`);
    }
  }
  const verified = (settings.AutoVerifiedAttributes ?? []).filter((name) => isTrue(attributes[`${name}_verified`]));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-cloudwatch.html
  if (verified.length === 0) {
    throw invalidParameter(
      "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).",
    );
  }
}

/** Where the user has a second factor, it is a text message. Nothing said is what the pool wants. */
function smsOptionsOf({ settings }: Pool, said: string | undefined, user: User): readonly string[] | undefined {
  const { MfaConfiguration: mode = "OFF" } = settings;
  const factor = said ?? String(mode === "ON");
  if (!/^(true|false)$/i.test(factor)) throw invalidParameter(`${MFA_ENABLED} is true or false.`);
  if (mode !== "OPTIONAL" && isTrue(factor) !== (mode === "ON")) throw invalidParameter(`${MFA_ENABLED} has to fit.`);
  return isTrue(factor) && user.attributes["phone_number"] !== undefined ? ["phone_number"] : undefined;
}

/** Names that stand for the user's own must be free too. */
async function requireUntaken({ settings, ...pool }: Pool, { attributes }: User, { tx }: Context): Promise<void> {
  const naming = [...(settings.AliasAttributes ?? []), ...(settings.UsernameAttributes ?? [])];
  for (const name of naming) {
    const value = attributes[name];
    if (value !== undefined && (await findUser({ ...pool, settings }, value, tx))) throw accountExists();
  }
}

/**
 * Names of parameters. One of a single level may be written with a slash before it or without.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html,
 * https://github.com/getmoto/moto/blob/master/tests/test_ssm/test_ssm.py (verified: test_parameter_lifecycle_with_leading_slash)
 */
import { parseAccountId, parseArn, type AccountId, type Region } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import {
  levelsTooMany,
  nameCharacters,
  nameNotQualified,
  namePrefixed,
  nameReserved,
  nameTooLong,
  pathPrefixed,
} from "./errors.ts";
import { LEVELS_MAX, NAME_CHARACTERS_MAX } from "./limits.ts";

/** As rows are ordered: `/payroll/db`, and `/db` for `db`. */
export const keyOf = (name: string): string => (name.startsWith("/") ? name : `/${name}`);

/** What a call names: a parameter, and of its versions one. */
export interface NamedParameter {
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly key: string;
  /** A version's number or label, behind a colon. */
  readonly selector?: string;
  /** Behind the name there is more than one selector, or it is of another region: there is no such thing. */
  readonly isImpossible?: true;
}

/** A name, or an ARN; with a selector or without. */
export function parseName(text: string, { account, region, partition }: Context): NamedParameter {
  const parts = text.startsWith("arn:") ? parseArn(text) : undefined;
  const place = { account: parseAccountId(parts?.account ?? "") ?? account, region, partition };
  const resource = parts === undefined ? text : parts.resource.replace(/^parameter/, "");
  const [name = "", selector, ...more] = resource.split(":");
  const isElsewhere = parts !== undefined && (parts.service !== "ssm" || parts.region !== region);
  return {
    ...place,
    key: keyOf(name),
    ...(selector !== undefined && { selector }),
    ...((more.length > 0 || isElsewhere) && { isImpossible: true }),
  };
}

/** Whether a parameter could have the name that is read. @throws {AwsError} `ValidationException` */
export function requireReadableName(text: string): void {
  if (text.startsWith("arn:")) return;
  const [name = ""] = text.split(":");
  const isPath = name.startsWith("/");
  if (!SUB_PATHS.test(isPath ? name.slice(1) : name) || (!isPath && name.includes("/"))) throw pathPrefixed();
}

const SUB_PATHS = /^[\w.-]+(\/[\w.-]+)*$/;

/** Whether a new parameter may have the name. @throws {AwsError} `ValidationException` */
export function requireNewName(name: string): void {
  const isPath = name.startsWith("/");
  const bare = name.replace(/^\//, "");
  if (/^aws/i.test(bare)) throw isPath ? nameReserved(name) : namePrefixed();
  if (/^ssm/i.test(bare)) throw isPath ? pathPrefixed() : namePrefixed();
  if (!isPath && name.includes("/")) throw nameNotQualified();
  if (!SUB_PATHS.test(bare)) throw isPath ? pathPrefixed() : nameCharacters();
  if (name.length > NAME_CHARACTERS_MAX) throw nameTooLong(NAME_CHARACTERS_MAX);
  if (bare.split("/").length > LEVELS_MAX) throw levelsTooMany();
}

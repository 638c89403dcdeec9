/** The rows of log groups, and their finders. */
import type { LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import { parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { groupNotFound, nameAndArn, nameOrArnMissing } from "./errors.ts";
import { groupArn } from "./kit.ts";

export interface LogGroup {
  /** Its own alone: one that is made again under the name has another. */
  readonly id: string;
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly createdAtMs: number;
  readonly class: LogGroupClass;
  readonly kmsKeyId?: string;
  readonly retentionDays?: number;
  readonly deletionProtected?: true;
  readonly metricFilters: number;
  readonly subscriptionFilters: number;
  /** It has a transformer. */
  readonly isTransformed?: true;
  readonly tags: Tags;
}

export const groups = table<LogGroup>("cloudwatch-logs.group", "region", ({ name }) => [name]);

/** How operations name a group: by its name or its ARN, in one member or another. */
export interface GroupReference {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** A group's name, and whose it is. */
export interface NamedGroup {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
}

/** @throws {AwsError} where it is named twice, or not at all */
export function namedGroup({ logGroupName, logGroupIdentifier }: GroupReference, context: Context): NamedGroup {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) throw nameAndArn();
  const text = logGroupName ?? logGroupIdentifier;
  if (text === undefined) throw nameOrArnMissing();
  return groupOfText(text, context);
}

/** A name or an ARN. @throws {AwsError} `ResourceNotFoundException` for one of another region */
export function groupOfText(text: string, { account, region, partition }: Context): NamedGroup {
  const parts = parseArn(text);
  const [, name] = /^log-group:(.*?)(?::\*)?$/s.exec(parts?.resource ?? "") ?? [];
  if (parts?.service !== "logs" || name === undefined) return { name: text, account, region, partition };
  if (parts.region !== region) throw groupNotFound();
  return { name, account: parseAccountId(parts.account) ?? account, region, partition };
}

export const findGroup = ({ name, account, region }: NamedGroup, { tx }: Pick<Context, "tx">) =>
  tx.in({ account, region }).get(groups, name);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireGroup(named: NamedGroup, context: Pick<Context, "tx">): Promise<LogGroup> {
  const group = await findGroup(named, context);
  if (group === undefined) throw groupNotFound();
  return group;
}

/** Of the account's own: no policy lets others change what groups are. @throws {AwsError} `ResourceNotFoundException` */
export async function requireOwn(named: NamedGroup, context: Context): Promise<LogGroup> {
  if (named.account !== context.account) throw groupNotFound();
  return requireGroup(named, context);
}

/** The same of a name or an ARN. @throws {AwsError} `ResourceNotFoundException` */
export const requireOwnGroup = (text: string, context: Context): Promise<LogGroup> =>
  requireOwn(groupOfText(text, context), context);

export const arnOf = (group: LogGroup): Arn => groupArn(group, group.name);
/** The transaction, where the group's rows are. */
export const homeOf = ({ account, region }: Pick<LogGroup, "account" | "region">, tx: Transaction): Transaction =>
  tx.in({ account, region });

/**
 * The ways to name a function: its name, a part of its ARN, its ARN, each with or without a qualifier.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html#API_GetFunction_RequestParameters
 */
import { formatArn, parseAccountId, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { qualifierMismatch, wrongRegion } from "../errors.ts";

export const LATEST = "$LATEST";

/** A function as a call names it. */
export interface FunctionPlace {
  readonly name: string;
  /** A version or an alias, where one is named. */
  readonly qualifier: string | undefined;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  /** Sees the function's account. */
  readonly tx: Transaction;
}

type Here = Pick<Context, "account" | "region" | "partition" | "tx">;

const FORM =
  /^(?:arn:[\w-]+:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([\w.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[\w-]+))?$/;

/** @throws {AwsError} where name and qualifier contradict each other, or it is in another region. */
export function placeOf(text: string, context: Here, qualifier?: string): FunctionPlace {
  const [, region, owner = "", name = "", named] = FORM.exec(text) ?? [];
  if (region !== undefined && region !== context.region) throw wrongRegion(region, context.region);
  if (named !== undefined && qualifier !== undefined && named !== qualifier) throw qualifierMismatch();
  const account = parseAccountId(owner) ?? context.account;
  return {
    name,
    qualifier: qualifier ?? named,
    account,
    region: context.region,
    partition: context.partition,
    tx: context.tx.in({ account, region: context.region }),
  };
}

/** With a qualifier where one is named. */
export function functionArn(
  { partition, region, account, name }: Pick<FunctionPlace, "partition" | "region" | "account" | "name">,
  qualifier?: string,
): Arn {
  const resource = qualifier === undefined ? `function:${name}` : `function:${name}:${qualifier}`;
  return formatArn({ partition, service: "lambda", region, account, resource });
}

export const arnOf = (place: FunctionPlace): Arn => functionArn(place, place.qualifier);

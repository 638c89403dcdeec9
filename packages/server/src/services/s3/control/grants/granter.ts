/** Whose grants a call is about: of the caller's own account, or of another whose instance lets the caller ask. */
import { parseAccountId, type AccountId } from "../../../../kernel/arn.ts";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import { ask, type AccountInput } from "../access.ts";
import { accessDenied } from "../errors.ts";
import { grantsInstances, instanceArn } from "./row.ts";

/** @throws {AwsError} `AccessDenied` where it is none. */
export function granterOf({ AccountId = "" }: AccountInput): AccountId {
  const account = parseAccountId(AccountId);
  if (account === undefined) throw accessDenied();
  return account;
}

export async function askOfGranter(action: string, input: AccountInput, context: Context): Promise<Access> {
  const account = granterOf(input);
  const { region, tx } = context;
  const instance = await tx.get(grantsInstances, account, region);
  return {
    action,
    resource: instanceArn({ account, region }, context),
    owner: account,
    resourceTags: instance?.tags,
    resourcePolicy: instance?.policy && {
      name: "policy of the access grants instance",
      document: instance.policy.document,
    },
    keys: { "s3:ResourceAccount": account },
  };
}

/** A question about the instance of the caller's own account. */
export async function askOfInstance(
  action: string,
  input: AccountInput,
  { context, more = {} }: { readonly context: Context; readonly more?: Partial<Access> },
): Promise<Access> {
  const instance = await context.tx.get(grantsInstances, context.account, context.region);
  return ask(
    input,
    { action, resource: instanceArn(context, context), resourceTags: instance?.tags, ...more },
    context,
  );
}

/**
 * The questions that Lambda's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { passedRole } from "../../service/passed-role.ts";
import { functionArn, placeOf, type FunctionPlace } from "./function/name.ts";
import { findFunction } from "./function/row.ts";
import type { LambdaAction } from "./kit.ts";
import { policyOf } from "./policy/row.ts";

/** A question about a function, its qualifier left off: what is asked of the function as a whole. */
export async function onFunction(
  action: LambdaAction,
  name: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const place = placeOf(name, context);
  return onPlace(action, { ...place, qualifier: undefined }, more);
}

/** A question about the version or the alias that is named. */
export async function onQualified(
  action: LambdaAction,
  { name, qualifier }: { readonly name: string; readonly qualifier: string | undefined },
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  return onPlace(action, placeOf(name, context, qualifier), more);
}

/** With the policy that function, version or alias has of its own. */
export async function onPlace(action: LambdaAction, place: FunctionPlace, more: Partial<Access> = {}): Promise<Access> {
  const found = await findFunction(place);
  const policy = await policyOf(place);
  const resource = functionArn(place, place.qualifier);
  return {
    action: `lambda:${action}`,
    resource,
    owner: place.account,
    resourcePolicy: policy && { name: `policy of function ${place.name}`, document: policy.document },
    resourceTags: found?.tags,
    ...more,
  };
}

/** What has no resource of its own. */
export const onAll = (action: LambdaAction, more: Partial<Access> = {}): Access => ({
  action: `lambda:${action}`,
  resource: "*",
  ...more,
});

/** May the caller hand Lambda this role? */
export const passRole = (role: string): readonly Access[] => [
  // another account's is refused in words of Lambda's own
  { ...passedRole(role, "lambda.amazonaws.com"), owner: undefined },
];

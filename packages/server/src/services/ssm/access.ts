/**
 * The questions that Parameter Store's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
import type { Access, ResourcePolicy } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { OperationName } from "../../service/sdk.ts";
import { parameterArn, type SsmSdk } from "./kit.ts";
import { parseName } from "./parameter-name.ts";
import { arnOf, findParameter, type Parameter } from "./parameter-row.ts";

type Action = OperationName<SsmSdk>;

/** A question about a parameter, which others may have been let in to. */
export async function onParameter(
  action: Action,
  name: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const named = parseName(name, context);
  const parameter = await findParameter(name, context);
  return {
    action: `ssm:${action}`,
    resource: parameterArn(named, named.key),
    owner: named.account,
    resourceTags: parameter?.tags,
    resourcePolicy: parameter && (await policyOf(parameter, context)),
    ...more,
  };
}

/** What a policy of its own allows, and what shares do. */
async function policyOf(parameter: Parameter, { sharing, tx }: Context): Promise<ResourcePolicy | undefined> {
  const shared = parameter.tier === "Advanced" ? await sharing.policyOf(arnOf(parameter), tx) : undefined;
  const own = parameter.sharing?.policy.document;
  if (own === undefined) return shared;
  return { name: `policy of parameter ${parameter.name}`, document: shared ? joined(own, shared.document) : own };
}

function joined(one: string, other: string): string {
  const texts: readonly { Statement: unknown }[] = [JSON.parse(one), JSON.parse(other)];
  return JSON.stringify({ Version: "2012-10-17", Statement: texts.flatMap(({ Statement }) => Statement) });
}

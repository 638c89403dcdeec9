/** The questions that IAM Roles Anywhere asks of its callers. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementrolesanywhere.html */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { arn, type Action, type Kind } from "./kit.ts";
import { tagsOf, type TagList, requestTags } from "./tag-row.ts";

export const ask = (action: Action, tags?: TagList): Access => ({
  action: `rolesanywhere:${action}`,
  resource: "*",
  requestTags: requestTags(tags),
});

/** The question about one thing of the account, by its id. */
export async function askOn(
  action: Action,
  { kind, id }: { readonly kind: Kind; readonly id: string },
  context: Context,
  more: Pick<Access, "requestTags" | "tagKeys"> = {},
): Promise<Access> {
  const resource = arn(context, `${kind}/${id}`);
  const resourceTags = await tagsOf(resource, context.tx);
  return { ...more, action: `rolesanywhere:${action}`, resource, resourceTags };
}

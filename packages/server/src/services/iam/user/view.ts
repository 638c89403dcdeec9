/** A user as `GetUser` shows it, who may be the root user. */
import { onOwner, requireOwner, ROOT_CREATED_AT, rootArn } from "../credential/owner.ts";
import { operation } from "../kit.ts";
import { formatWholeUser } from "./user.ts";

export const getUser = operation("GetUser", {
  authorize: ({ UserName }, context) => onOwner("GetUser", UserName, context),

  /** The root user has an id, an ARN and an age. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html */
  async handle({ UserName }, context) {
    const owner = await requireOwner(UserName, context);
    if (owner.kind === "user") return { User: formatWholeUser(owner, context) };
    const root = { Path: undefined, UserName: undefined, UserId: owner.id, Arn: rootArn(context) };
    return { User: { ...root, CreateDate: ROOT_CREATED_AT } };
  },
});

/** Users, groups and roles as operations name them by ARN. */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { parseArn } from "../../kernel/arn.ts";
import { findEntity, type Entity } from "./entity.ts";
import { entityNotFound, invalidEntityArn } from "./errors.ts";
import type { IamAction } from "./kit.ts";
import { arnGiven } from "./path.ts";

/** @throws {AwsError} `InvalidInput` where the ARN is of nothing that has policies, `NoSuchEntity` */
export async function requireEntity(arn: string, { tx, account }: Context): Promise<Entity> {
  const parts = parseArn(arn);
  if (parts?.service !== "iam" || !/^(user|group|role)\//.test(parts.resource)) throw invalidEntityArn(arn);
  const entity = parts.account === account ? await findEntity(arn, tx) : undefined;
  if (!entity) throw entityNotFound(arn);
  return entity;
}

export const onEntity = (action: IamAction, arn: string): Access => ({
  action: `iam:${action}`,
  resource: arnGiven(arn),
});

import { formatArn, parseArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { arn } from "./kit.ts";

/** Where an entity lies that was made without a path. */
export const ROOT_PATH = "/";

/** An entity's name and the path before it. */
export interface Place {
  readonly path: string;
  readonly name: string;
}

/** The ARN of an entity whose ARN shows its path: `arn:aws:iam::111111111111:user/dev/ann`. */
export const arnOf = (context: Pick<Context, "partition" | "account">, kind: string, { path, name }: Place): Arn =>
  arn(context, `${kind}${path}${name}`);

/**
 * A name as a key: names that differ in case only are the same name.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 */
export const keyOfName = (name: string): string => name.toLowerCase();

/** The ARN of something that need not be there, to ask for rights to it; `*` where `text` is no ARN. */
export function arnGiven(text: string): Arn | "*" {
  const parts = parseArn(text);
  return parts ? formatArn(parts) : "*";
}

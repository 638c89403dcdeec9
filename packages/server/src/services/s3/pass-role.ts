/** Who has S3 use a role needs the right to hand it on. */
import { formatArn, parseAccountId, parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { arn } from "./kit.ts";

export interface HandedOn {
  readonly role: string;
  /** To whom. */
  readonly service: string;
  /** What for. */
  readonly bucket: string;
}

export function passRole({ role, service, bucket }: HandedOn, context: Context): Access {
  const parts = parseArn(role);
  const owner = parts && parseAccountId(parts.account);
  return {
    action: "iam:PassRole",
    resource: parts ? formatArn(parts) : "*",
    ...(owner && { owner }),
    keys: { "iam:PassedToService": service, "iam:AssociatedResourceArn": arn(context, bucket) },
  };
}

/** The questions that S3 Control's operations ask of IAM: they act in the caller's own account alone. */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { accessDenied } from "./errors.ts";

export interface AccountInput {
  readonly AccountId?: string | undefined;
}

/** @throws {AwsError} `AccessDenied` where the call means another account. */
function requireOwnAccount({ AccountId }: AccountInput, { account }: Pick<Context, "account">): void {
  if (AccountId !== account) throw accessDenied();
}

/**
 * Leaves out what is the same for all calls of S3 Control.
 *
 * @throws {AwsError} `AccessDenied` where the call means another account.
 */
export function ask(input: AccountInput, question: Access, context: Context): Access {
  requireOwnAccount(input, context);
  return { ...question, keys: { "s3:ResourceAccount": context.account, ...question.keys } };
}

/**
 * The role that a function runs with.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 */
import { formatArn, parseArn } from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { assumeRole, roleSession } from "../../service/role-session.ts";
import { crossAccountRole, notSending, roleUnassumable } from "./errors.ts";

export const LAMBDA = "lambda.amazonaws.com";

/**
 * What a function's sessions are called: as the function, but for names that are too short for STS.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_assume_role)
 */
export const sessionNameOf = (name: string): string => (name.length === 1 ? `${name}@lambda_function` : name);

/** @throws {AwsError} it is not there, or does not trust Lambda. */
export async function requireAssumable(roleArn: string, context: Context): Promise<void> {
  if (parseArn(roleArn)?.account !== context.account) throw crossAccountRole();
  const use = { roleArn, service: LAMBDA, sessionName: "awslambda", account: context.account };
  try {
    await assumeRole(use, context);
  } catch (error) {
    throw error instanceof AwsError ? roleUnassumable() : error;
  }
}

const SENDING = {
  sqs: { action: "sqs:SendMessage", told: "SendMessage on SQS" },
  sns: { action: "sns:Publish", told: "Publish on SNS" },
} as const;

/**
 * Only the role's own policies count.
 * Source: https://github.com/gmetzker/serverless-plugin-lambda-dead-letter/issues/40
 * @throws {AwsError} it may not send dead letters there.
 */
export async function requireSends(roleArn: string, target: string, context: Context): Promise<void> {
  const parts = parseArn(target);
  if (parts?.service !== "sqs" && parts?.service !== "sns") return;
  const { action, told } = SENDING[parts.service];
  const use = { roleArn, service: LAMBDA, sessionName: "awslambda", account: context.account };
  const role = context.as(await roleSession(use, context));
  const { decision } = await role.decide({ action, resource: formatArn(parts) });
  if (decision !== "allow") throw notSending(told);
}

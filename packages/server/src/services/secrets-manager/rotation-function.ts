/** The function that rotates a secret, called by Secrets Manager itself: the function's policy decides. */
import { formatArn, parseArn, type Arn } from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { functionRefused } from "./errors.ts";
import { arnOf, type Secret } from "./secret-row.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");

const ITSELF = { type: "service", service: "secretsmanager.amazonaws.com" } as const;

/** In their order. Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
export const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export type Step = (typeof STEPS)[number];

/** As an ARN is written; `undefined`: it is none of a function. */
export function functionArnOf(text: string): Arn | undefined {
  const parts = parseArn(text);
  return parts?.service === "lambda" && parts.resource.startsWith("function:") ? formatArn(parts) : undefined;
}

const sourceOf = (secret: Secret) => ({ arn: arnOf(secret), account: secret.account });

/** @throws {AwsError} `AccessDeniedException` where Secrets Manager may not invoke the function, or there is none */
export async function requireInvocable(functionArn: string, secret: Secret, context: Context): Promise<void> {
  if (functionArnOf(functionArn) === undefined) throw functionRefused();
  try {
    await context.call<LambdaSdk, "Invoke">({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName: functionArn, InvocationType: "DryRun" },
      as: ITSELF,
      source: sourceOf(secret),
    });
  } catch (error) {
    if (error instanceof AwsError && error.code !== "NotImplemented") throw functionRefused();
    throw error;
  }
}

/** What a step of a rotation is told. */
interface StepEvent {
  readonly step: Step;
  readonly token: string;
}

/** Why the step failed; `undefined`: it did not. */
export async function invokeStep(
  { step, token }: StepEvent,
  { secret, functionArn }: { readonly secret: Secret; readonly functionArn: string },
  context: Context,
): Promise<string | undefined> {
  const event = { Step: step, SecretId: arnOf(secret), ClientRequestToken: token };
  try {
    const { FunctionError, Payload } = await context.call<LambdaSdk, "Invoke">({
      service: "lambda",
      operation: "Invoke",
      input: {
        FunctionName: functionArn,
        InvocationType: "RequestResponse",
        Payload: Buffer.from(JSON.stringify(event), "utf8"),
      },
      as: ITSELF,
      source: sourceOf(secret),
    });
    return FunctionError === undefined ? undefined : Buffer.from(Payload ?? []).toString("utf8");
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

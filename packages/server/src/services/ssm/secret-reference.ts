/**
 * Secrets of Secrets Manager, read as if they were parameters.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { secretNotFound, secretUndecrypted } from "./errors.ts";
import type { Reading } from "./get-parameter.ts";
import { parameterArn } from "./kit.ts";

type SecretsManagerSdk = typeof import("@aws-sdk/client-secrets-manager");

const PREFIX = "/aws/reference/secretsmanager/";

export const isSecretName = (name: string): boolean => name.startsWith(PREFIX);

/** The caller's rights to the secret are asked as well. @throws {AwsError} `ParameterNotFound`, `ValidationException` */
export async function secretParameter(name: string, { decrypts }: Reading, context: Context) {
  if (!decrypts) throw secretUndecrypted();
  const [SecretId = "", selector] = name.slice(PREFIX.length).split(":");
  const isVersion = selector !== undefined && /^[\da-f]{8}-/i.test(selector);
  const [value, described] = await asReference(name, async () => {
    const input = {
      SecretId,
      ...(isVersion && { VersionId: selector }),
      ...(selector !== undefined && !isVersion && { VersionStage: selector }),
    };
    return [
      await context.call<SecretsManagerSdk, "GetSecretValue">({
        service: "secrets-manager",
        operation: "GetSecretValue",
        input,
      }),
      await context.call<SecretsManagerSdk, "DescribeSecret">({
        service: "secrets-manager",
        operation: "DescribeSecret",
        input: { SecretId },
      }),
    ] as const;
  });
  const { SecretString = "", CreatedDate } = value;
  return {
    Name: SecretId,
    Type: "SecureString" as const,
    Value: SecretString,
    Version: 0,
    SourceResult: JSON.stringify({ ...described, ...value, SecretString: undefined }),
    ...(CreatedDate && { LastModifiedDate: CreatedDate }),
    ARN: parameterArn(context, `${PREFIX}${SecretId}`),
    DataType: "text",
    ...(selector !== undefined && { Selector: `:${selector}` }),
  };
}

async function asReference<Found>(name: string, work: () => Promise<Found>): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") throw secretNotFound(name);
    throw error;
  }
}

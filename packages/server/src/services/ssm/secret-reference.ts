/**
 * Secrets of Secrets Manager, read as if they were parameters.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import type { OutputOf } from "../../service/sdk.ts";
import { secretNotFound, secretUndecrypted } from "./errors.ts";
import type { Reading } from "./get-parameter.ts";

type SecretsManagerSdk = typeof import("@aws-sdk/client-secrets-manager");

const PREFIX = "/aws/reference/secretsmanager/";

export const isSecretName = (name: string): boolean => name.startsWith(PREFIX);

/** The caller's rights to the secret are asked as well. @throws {AwsError} `ParameterNotFound`, `ValidationException` */
export async function secretParameter(name: string, { decrypts }: Reading, context: Context) {
  if (!decrypts) throw secretUndecrypted();
  const [SecretId = "", selector] = name.slice(PREFIX.length).split(":");
  const isVersion = selector !== undefined && /^[\da-f]{8}-/i.test(selector);
  const value = await asReference(name, () =>
    context.call<SecretsManagerSdk, "GetSecretValue">({
      service: "secrets-manager",
      operation: "GetSecretValue",
      input: {
        SecretId,
        ...(isVersion && { VersionId: selector }),
        ...(selector !== undefined && !isVersion && { VersionStage: selector }),
      },
    }),
  );
  const { ARN, SecretString: Value, CreatedDate } = value;
  return {
    Name: `${PREFIX}${SecretId}`,
    Type: "SecureString" as const,
    ...(Value !== undefined && { Value }),
    Version: 0,
    SourceResult: sourceResult(value),
    ...(CreatedDate && { LastModifiedDate: CreatedDate }),
    ...(ARN !== undefined && { ARN }),
    ...(selector !== undefined && { Selector: `:${selector}` }),
  };
}

type SecretValue = OutputOf<SecretsManagerSdk, "GetSecretValue">;

/**
 * The answer of Secrets Manager, the value in it too, in the form that AWS's own service writes it in.
 * Source: an answer of AWS in https://github.com/localstack/localstack/blob/main/tests/aws/services/ssm/test_ssm.py (validated: test_get_secret_parameter)
 */
const sourceResult = ({ ARN, Name, VersionId, SecretString, VersionStages, CreatedDate }: SecretValue): string =>
  JSON.stringify({
    ARN,
    name: Name,
    versionId: VersionId,
    secretString: SecretString,
    versionStages: VersionStages,
    createdDate: CreatedDate && DATES.format(CreatedDate).replaceAll("\u202F", " "),
  });

/** `Oct 14, 2021, 10:18:47 AM`. */
const DATES = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

async function asReference<Found>(name: string, work: () => Promise<Found>): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") throw secretNotFound(name);
    throw error;
  }
}

/**
 * A function's own variables: never in the clear in the store, and with a key of the user's only for who may use it.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Principal } from "../../../identity/principal.ts";
import type { Context } from "../../../service/context.ts";
import { decryptByKms, encryptByKms, inWordsOf, type KeyUse } from "../../../service/kms-key.ts";
import { environmentReserved, environmentTooLarge, keyUnknown, kmsRefused } from "../errors.ts";
import type { Environment } from "./row.ts";
import { ENVIRONMENT_BYTES_MAX } from "../limits.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

export type Variables = Readonly<Record<string, string>>;

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

const PURPOSE = "lambda.environment";

/** Whose variables, and under which key; `undefined`: the cloud's own. */
export interface EnvironmentUse {
  readonly functionArn: Arn;
  readonly kmsKeyArn: string | undefined;
}

/** @throws {AwsError} too many, reserved names, or a key that the caller may not use. */
export async function lockEnvironment(
  variables: Variables,
  use: EnvironmentUse,
  context: Context,
): Promise<Environment> {
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) throw environmentReserved(reserved);
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > ENVIRONMENT_BYTES_MAX) throw environmentTooLarge(text);
  const { functionArn, kmsKeyArn } = use;
  if (kmsKeyArn === undefined) return { kind: "sealed", text: sealText(context.keys, text, PURPOSE) };
  const named = { ...settingOf(functionArn), keyId: kmsKeyArn };
  const encrypted = await encryptByKms(Buffer.from(text, "utf8"), named, context);
  return { kind: "kms", text: Buffer.from(encrypted).toString("base64") };
}

/** The variables again. @throws {AwsError} `principal`, or the caller where left out, may not use the key. */
export async function openEnvironment(
  { kind, text }: Environment,
  functionArn: Arn,
  context: Context,
  principal?: Principal,
): Promise<Variables> {
  if (kind === "sealed") return JSON.parse(openText(context.keys, text, PURPOSE) ?? "{}");
  const use = { ...useOf(functionArn), ...(principal && { as: principal }) };
  const opened = await decryptByKms(Buffer.from(text, "base64"), use, context);
  return JSON.parse(Buffer.from(opened).toString("utf8"));
}

/** The role may decrypt, as long as the function has it. */
export async function grantToRole(
  role: string,
  { functionArn, kmsKeyArn }: EnvironmentUse,
  context: Context,
): Promise<void> {
  if (kmsKeyArn === undefined) return;
  const { bound, refusal } = settingOf(functionArn);
  await inWordsOf(refusal, () =>
    context.call<KmsSdk, "CreateGrant">({
      service: "kms",
      operation: "CreateGrant",
      input: {
        KeyId: kmsKeyArn,
        GranteePrincipal: role,
        Operations: ["Decrypt"],
        Constraints: { EncryptionContextEquals: bound },
      },
    }),
  );
}

const useOf = (functionArn: Arn): KeyUse => ({
  bound: { "aws:lambda:FunctionArn": functionArn },
  refusal: ({ code, message }) => (isKmsError(code) ? kmsRefused(KMS_ERRORS[code], message) : undefined),
});

/** While the function is made or changed, there may be no such key. */
function settingOf(functionArn: Arn): KeyUse {
  const use = useOf(functionArn);
  const refusal: KeyUse["refusal"] = (error) =>
    UNKNOWN_KEY.has(error.code) ? keyUnknown(error.code, error.message) : use.refusal(error);
  return { ...use, refusal };
}

const UNKNOWN_KEY: ReadonlySet<string> = new Set(["NotFoundException", "InvalidArnException"]);

/** By the code that KMS answers. */
const KMS_ERRORS = {
  AccessDenied: "KMSAccessDeniedException",
  AccessDeniedException: "KMSAccessDeniedException",
  DisabledException: "KMSDisabledException",
  KMSInvalidStateException: "KMSInvalidStateException",
  NotFoundException: "KMSNotFoundException",
} as const;

const isKmsError = (code: string): code is keyof typeof KMS_ERRORS => Object.hasOwn(KMS_ERRORS, code);

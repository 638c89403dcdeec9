/** Rotation, as it is asked for and called off. Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html */
import type { Access } from "../../service/access.ts";
import { onSecret } from "./access.ts";
import {
  externalRefused,
  functionMissing,
  rotationOff,
  rotationTokenMissing,
  rotationUnderWay,
  rulesMissing,
} from "./errors.ts";
import { operation, streaming } from "./kit.ts";
import { requireToken } from "./new-value.ts";
import { functionArnOf, requireInvocable } from "./rotation-function.ts";
import type { Rotation, RotationRules } from "./rotation-row.ts";
import { beginRotation, beginTest } from "./rotation-steps.ts";
import { requireRules, unscheduleRotation, withNextWindow } from "./rotation-window.ts";
import { arnOf, findSecret, putSecret, requirePrimary, type Secret } from "./secret-row.ts";
import { CURRENT, PENDING, versionWith } from "./stage.ts";
import { findVersion } from "./version-row.ts";

interface Asked {
  readonly SecretId: string;
  readonly RotationLambdaARN?: string | undefined;
  readonly RotationRules?: RotationRules | undefined;
  readonly RotateImmediately?: boolean | undefined;
}

export const rotateSecret = streaming("RotateSecret", {
  async authorize(input, context) {
    const { SecretId, RotationLambdaARN: named, RotateImmediately: now, RotationRules: rules } = input;
    const onRotation = await onSecret("RotateSecret", SecretId, context, {
      keys: {
        "secretsmanager:RotationLambdaARN": named,
        "secretsmanager:RotateImmediately": String(now ?? true),
        "secretsmanager:ModifyRotationRules": String(rules !== undefined),
      },
    });
    const secret = await findSecret(SecretId, context);
    return [onRotation, ...onFunction(named ?? secret?.rotation?.functionArn)];
  },

  async receive(input, context) {
    requireToken(input.ClientRequestToken, rotationTokenMissing);
    const secret = await requirePrimary(input.SecretId, context);
    requireBuilt(input);
    if (input.RotationRules !== undefined) requireRules(input.RotationRules, context);
    const functionArn = input.RotationLambdaARN ?? secret.rotation?.functionArn;
    if (functionArn === undefined) throw functionMissing();
    await requireInvocable(functionArn, secret, context);
    return functionArn;
  },

  async handle(input, context, functionArn) {
    const secret = await requirePrimary(input.SecretId, context);
    const token = requireToken(input.ClientRequestToken);
    const isNow = input.RotateImmediately ?? true;
    const answer = { ARN: arnOf(secret), Name: secret.name, ...(isNow && { VersionId: token }) };
    // the same request again: the version that it asked for may have its value already
    if ((await findVersion(secret, token, context.tx)) !== undefined) return answer;
    requireNoneUnderWay(secret);
    const rotation = rotationOf(secret, functionArn, input);
    const planned = withNextWindow({ ...secret, rotation, changedAtMs: context.now().getTime() }, context);
    const begun = isNow ? await beginRotation(planned, token, context) : await beginTest(planned, token, context);
    putSecret(begun, context.tx);
    return answer;
  },
});

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (required permissions) */
function onFunction(functionArn: string | undefined): readonly Access[] {
  const resource = functionArnOf(functionArn ?? "");
  if (resource === undefined) return [];
  return [{ action: "lambda:InvokeFunction", resource }];
}

/** Partners' secrets rotate without a function. @throws {AwsError} `InvalidParameterException` */
function requireBuilt(input: {
  readonly ExternalSecretRotationRoleArn?: string | undefined;
  readonly ExternalSecretRotationMetadata?: readonly unknown[] | undefined;
}): void {
  if (input.ExternalSecretRotationRoleArn !== undefined || input.ExternalSecretRotationMetadata !== undefined)
    throw externalRefused();
}

/** @throws {AwsError} `InvalidRequestException` */
function requireNoneUnderWay({ stages }: Secret): void {
  const pending = versionWith(stages, PENDING);
  if (pending !== undefined && pending !== versionWith(stages, CURRENT)) throw rotationUnderWay();
}

function rotationOf({ rotation }: Secret, functionArn: string, { RotationRules: asked }: Asked): Rotation {
  const rules = asked ?? rotation?.rules;
  if (rules === undefined) throw rulesMissing();
  return { enabled: true, functionArn, rules: { ...rules } };
}

export const cancelRotateSecret = operation("CancelRotateSecret", {
  authorize: ({ SecretId }, context) => onSecret("CancelRotateSecret", SecretId, context),

  async handle({ SecretId }, context) {
    const secret = await requirePrimary(SecretId, context);
    if (secret.rotation?.enabled !== true) throw rotationOff();
    const { next: _next, ...kept } = secret.rotation;
    unscheduleRotation(secret, context);
    putSecret({ ...secret, rotation: { ...kept, enabled: false } }, context.tx);
    const pending = versionWith(secret.stages, PENDING);
    return { ARN: arnOf(secret), Name: secret.name, ...(pending !== undefined && { VersionId: pending }) };
  },
});

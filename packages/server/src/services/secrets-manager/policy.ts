/** Policies of secrets. Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html */
import { AwsError } from "../../kernel/aws-error.ts";
import { onSecret } from "./access.ts";
import { policyPublic, replicaRefused } from "./errors.ts";
import { operation } from "./kit.ts";
import { isBroad, requirePolicy } from "./policy-rules.ts";
import { arnOf, putSecret, requirePrimary, requireSecret } from "./secret-row.ts";

export const putResourcePolicy = operation("PutResourcePolicy", {
  authorize: ({ SecretId, BlockPublicPolicy: block }, context) =>
    onSecret("PutResourcePolicy", SecretId, context, {
      keys: { "secretsmanager:BlockPublicPolicy": String(block ?? false) },
    }),

  async handle({ SecretId, ResourcePolicy, BlockPublicPolicy = false }, context) {
    const secret = await requirePrimary(SecretId, context);
    const policy = await requirePolicy(ResourcePolicy, secret, context);
    if (BlockPublicPolicy && isBroad(ResourcePolicy)) throw policyPublic();
    putSecret({ ...secret, policy }, context.tx);
    return { ARN: arnOf(secret), Name: secret.name };
  },
});

export const getResourcePolicy = operation("GetResourcePolicy", {
  authorize: ({ SecretId }, context) => onSecret("GetResourcePolicy", SecretId, context),

  async handle({ SecretId }, context) {
    const secret = await requireSecret(SecretId, context);
    if (secret.primary !== undefined) throw replicaRefused();
    const { directory, tx } = context;
    const text = secret.policy && (await directory.showPrincipals(secret.policy, { ...secret, tx }));
    return { ARN: arnOf(secret), Name: secret.name, ...(text !== undefined && { ResourcePolicy: text }) };
  },
});

export const deleteResourcePolicy = operation("DeleteResourcePolicy", {
  authorize: ({ SecretId }, context) => onSecret("DeleteResourcePolicy", SecretId, context),

  async handle({ SecretId }, context) {
    const { policy: _policy, ...secret } = await requirePrimary(SecretId, context);
    putSecret(secret, context.tx);
    return { ARN: arnOf(secret), Name: secret.name };
  },
});

export const validateResourcePolicy = operation("ValidateResourcePolicy", {
  authorize: ({ SecretId }, context) =>
    SecretId === undefined
      ? { action: "secretsmanager:ValidateResourcePolicy", resource: "*" }
      : onSecret("ValidateResourcePolicy", SecretId, context),

  async handle({ SecretId, ResourcePolicy }, context) {
    if (SecretId !== undefined) await requireSecret(SecretId, context);
    const found: { CheckName: string; ErrorMessage: string }[] = [];
    try {
      await requirePolicy(ResourcePolicy, context, context);
      if (isBroad(ResourcePolicy))
        found.push({ CheckName: "BLOCK_PUBLIC_POLICY", ErrorMessage: policyPublic().message });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      found.push({ CheckName: "POLICY_SYNTAX", ErrorMessage: error.message });
    }
    return { PolicyValidationPassed: found.length === 0, ValidationErrors: found };
  },
});

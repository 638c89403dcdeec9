/**
 * Refusals in AWS's words.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
import { parseArn } from "../kernel/arn.ts";
import type { Decision, Layer, Reason } from "./decision.ts";

/**
 * `User: ARN is not authorized to perform: ACTION on resource: ARN because …`. S3 gives its reasons to the resource's
 * account and organization alone.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html#access-denied-message-examples
 */
export function deniedMessage({ action, resource, because, toStranger }: Decision, principalArn: string): string {
  if (toStranger === true && action.startsWith("s3:")) return "Access Denied";
  const [reason] = because;
  const user = `User: ${principalArn} is not authorized to perform: ${shown(action)}`;
  if (reason?.layer === "resource" && isKeyElsewhere({ action, resource }, principalArn)) return `${user}${HIDDEN}`;
  const start = `${user}${onResource(action, resource)}`;
  return reason === undefined ? start : `${start}${causeOf(reason, action)}`;
}

/**
 * KMS tells nobody outside of an account whether a key is there.
 * Source: https://github.com/sqlxpert/aws-rcp-s3-require-encryption-kms (README: the key is in a different AWS account)
 */
const HIDDEN =
  " on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";

function isKeyElsewhere({ action, resource }: Pick<Decision, "action" | "resource">, principalArn: string): boolean {
  const own = parseArn(principalArn)?.account;
  return action.startsWith("kms:") && own !== undefined && parseArn(resource)?.account !== own;
}

/** SQS writes its actions small. Source: https://github.com/aws/serverless-application-model/issues/3633, https://github.com/microsoft/aspire/pull/3333 */
const shown = (action: string): string => (action.startsWith("sqs:") ? action.toLowerCase() : action);

/**
 * S3 puts the resource in quotation marks, and names none where there is none.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
function onResource(action: string, resource: string): string {
  if (!action.startsWith("s3:")) return ` on resource: ${resource}`;
  return resource === "*" ? "" : ` on resource: "${resource}"`;
}

/** `with an explicit deny in a …`, `because no … allows the … action`. */
const LAYER_WORDS: Readonly<Record<Exclude<Layer, "account">, { readonly deny: string; readonly missing: string }>> = {
  identity: { deny: "an identity-based policy", missing: "identity-based policy" },
  resource: { deny: "a resource-based policy", missing: "resource-based policy" },
  boundary: { deny: "a permissions boundary", missing: "permissions boundary" },
  session: { deny: "a session policy", missing: "session policy" },
  scp: { deny: "a service control policy", missing: "service control policy" },
  rcp: { deny: "a resource control policy", missing: "resource control policy" },
  endpoint: { deny: "a VPC endpoint policy", missing: "VPC endpoint policy" },
  grant: { deny: "a resource-based policy", missing: "resource-based policy" },
  acl: { deny: "a resource-based policy", missing: "resource-based policy" },
  root: { deny: "an identity-based policy", missing: "identity-based policy" },
  service: { deny: "an identity-based policy", missing: "identity-based policy" },
};

const TRUST_WORDS = { deny: "the role trust policy", missing: "role trust policy" };

/** Differs: AWS words one refusal for lack of an RCP's allow nowhere; ours follows the pattern of the others. */
function causeOf(reason: Reason, action: string): string {
  const { layer, effect } = reason;
  // Source: https://github.com/aws-samples/aws-security-reference-architecture-examples/issues/218 (AssumeRole)
  if (layer === "account") return "";
  const words = layer === "resource" && action.startsWith("sts:AssumeRole") ? TRUST_WORDS : LAYER_WORDS[layer];
  if (effect === "explicit-deny") return ` with an explicit deny in ${words.deny}${policyArn(reason)}`;
  return ` because no ${words.missing} allows the ${shown(action)} action`;
}

/**
 * AWS names the ARN of a policy that denies. Policies in line have none.
 * Source: https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
 */
function policyArn({ layer, policy }: Reason): string {
  const named = layer !== "resource" && layer !== "endpoint" && policy?.startsWith("arn:") === true;
  return named ? `: ${policy}` : "";
}

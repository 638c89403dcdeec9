/**
 * Policies that bound a session, given when it is made.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
import { deflateRawSync } from "node:zlib";
import type { PolicyDescriptorType } from "@aws-sdk/client-sts";
import type { Session } from "../../identity/principal.ts";
import { validatePolicy } from "../../identity/policy/validate.ts";
import { parseArn, type AccountId } from "../../kernel/arn.ts";
import type { Tags } from "../../kernel/tags.ts";
import { isJson } from "../../kernel/json-text.ts";
import type { Context } from "../../service/context.ts";
import {
  malformedPolicy,
  packedPolicyTooLarge,
  packedTagsTooLarge,
  policyNotAttachable,
  policyTooLong,
  tooManyPolicyArns,
} from "./errors.ts";
import {
  PACKED_POLICY_BYTES_MAX,
  PACKED_TAGS_BYTES_MAX,
  SESSION_POLICY_ARNS_MAX,
  SESSION_POLICY_LENGTH_MAX,
} from "./limits.ts";

interface Asked {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined;
}

/**
 * @param account whose managed policies may bound the session
 * @throws {AwsError} `MalformedPolicyDocument`, `ValidationError`
 */
export async function requireSessionPolicies(
  { Policy, PolicyArns = [] }: Asked,
  account: AccountId,
  { directory, tx }: Pick<Context, "directory" | "tx">,
): Promise<Pick<Session, "policies" | "policyArns">> {
  if (Policy !== undefined) requireDocument(Policy);
  if (PolicyArns.length > SESSION_POLICY_ARNS_MAX) throw tooManyPolicyArns(SESSION_POLICY_ARNS_MAX);
  const policyArns = PolicyArns.flatMap(({ arn }) => (arn === undefined ? [] : [arn]));
  for (const arn of policyArns) {
    const owner = parseArn(arn)?.account;
    const usable = owner === account || owner === "aws";
    if (!usable || (await directory.findManagedPolicy(arn, tx)) === undefined) throw policyNotAttachable(arn);
  }
  return { policies: Policy === undefined ? [] : [Policy], policyArns };
}

/** Source: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/sts_assume_role/tasks/main.yml (run against AWS) */
const NO_JSON = "The policy is not in the valid JSON format.";

function requireDocument(policy: string): void {
  if (policy.length > SESSION_POLICY_LENGTH_MAX) throw policyTooLong(SESSION_POLICY_LENGTH_MAX);
  if (!isJson(policy)) throw malformedPolicy(NO_JSON);
  const problem = validatePolicy(policy, "session");
  if (problem !== undefined) throw malformedPolicy(problem.message);
}

/**
 * How much of the room for policies and tags is taken, in percent. Differs: AWS does not say how it
 * packs them; ours compresses policies and counts tags, which comes near the sizes that people saw.
 * @throws {AwsError} `PackedPolicyTooLarge`
 */
export function packedPercent({ policies, policyArns }: Pick<Session, "policies" | "policyArns">, tags: Tags): number {
  const text = [...policies, ...policyArns].join("");
  const policyPercent = text === "" ? 0 : percent(deflateRawSync(text).length, PACKED_POLICY_BYTES_MAX);
  if (policyPercent > 100) throw packedPolicyTooLarge(policyPercent);
  const tagsPercent = percent(Object.entries(tags).flat().join("").length, PACKED_TAGS_BYTES_MAX);
  if (tagsPercent > 100) throw packedTagsTooLarge(tagsPercent);
  if (policyPercent + tagsPercent > 100) throw packedPolicyTooLarge(policyPercent + tagsPercent);
  return policyPercent + tagsPercent;
}

const percent = (size: number, max: number): number => Math.ceil((size * 100) / max);

/** The policies of topics: the one that each begins with, and what a text must be to take its place. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import { assert } from "../../../kernel/assert.ts";
import type { Context } from "../../../service/context.ts";
import { actionOutOfScope, policyInvalid } from "../errors.ts";
import { arnOf, type Topic } from "./row.ts";

/** As AWS writes it. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_topic_test_arn) */
const DEFAULT_ACTIONS = [
  "SNS:GetTopicAttributes",
  "SNS:SetTopicAttributes",
  "SNS:AddPermission",
  "SNS:RemovePermission",
  "SNS:DeleteTopic",
  "SNS:Subscribe",
  "SNS:ListSubscriptionsByTopic",
  "SNS:Publish",
];

const defaultPolicy = (topic: Topic): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: DEFAULT_ACTIONS,
        Resource: arnOf(topic),
        Condition: { StringEquals: { "AWS:SourceOwner": topic.account } },
      },
    ],
  });

type Naming = Pick<Context, "directory" | "tx">;

export async function withDefaultPolicy(topic: Topic, { directory, tx }: Naming): Promise<Topic> {
  const policy = await directory.pinPrincipals(defaultPolicy(topic), { ...topic, tx });
  assert(policy.kind === "pinned", "the default policy names nobody");
  return { ...topic, policy };
}

/** The policy as it is kept, with the users and roles it names held by their ids. @throws {AwsError} `InvalidParameter` */
export async function requirePolicy(given: string, topic: Topic, { directory, tx }: Naming): Promise<PinnedPolicy> {
  const text = given.trim();
  const rules = {
    actions: await topicActions(),
    // a statement about another topic is stored, and has no effect
    isResource: () => true,
    applies: () => true,
  };
  const problem = validatePolicy(text, "resource", rules);
  if (problem?.message === "Policy has invalid action") throw actionOutOfScope();
  if (problem) throw policyInvalid("null");
  const pinned = await directory.pinPrincipals(text, { ...topic, tx });
  if (pinned.kind === "unknown") throw policyInvalid("PrincipalNotFound");
  return pinned;
}

/**
 * What is done to topics, and yet is out of the scope of their policies.
 * Source: https://github.com/hashicorp/terraform/issues/12740, https://github.com/aws/aws-cli/issues/3143
 */
const OUT_OF_SCOPE: ReadonlySet<string> = new Set([
  "CreateTopic",
  "GetSubscriptionAttributes",
  "SetSubscriptionAttributes",
]);

/** Those of IAM's actions on SNS that are about topics. */
async function topicActions(): Promise<readonly string[]> {
  const { default: reference } = await import("../../../../models/iam/sns.json", { with: { type: "json" } });
  const ofTopics = reference.actions.flatMap(([name, , resources]) =>
    Array.isArray(resources) && resources.length > 0 ? [String(name)] : [],
  );
  const names = ofTopics.filter((name) => !OUT_OF_SCOPE.has(name)).map((name) => `sns:${name}`);
  // Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html (SNS:Receive)
  return [...names, "sns:Receive"];
}

export const showPolicy = async (topic: Topic, { directory, tx }: Naming): Promise<string | undefined> =>
  topic.policy && directory.showPrincipals(topic.policy, { ...topic, tx });

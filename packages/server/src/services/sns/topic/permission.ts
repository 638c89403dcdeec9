/**
 * Statements of a topic's policy, added and taken away by a label.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
 */
import { parseAccountId } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { onTopic } from "../access.ts";
import { invalid, labelTaken } from "../errors.ts";
import { operation } from "../kit.ts";
import { requirePolicy, showPolicy } from "./policy.ts";
import { arnOf, homeOf, requireTopic, topics, type Topic } from "./row.ts";

type Statement = Readonly<Record<string, unknown>>;

interface ShownPolicy {
  readonly Statement: readonly Statement[];
}

export const addPermission = operation("AddPermission", {
  authorize: ({ TopicArn }, context) => onTopic("AddPermission", TopicArn, context),

  async handle({ TopicArn, Label, AWSAccountId: accounts, ActionName: actions }, context) {
    const topic = await requireTopic(TopicArn, context);
    const policy = await policyOf(topic, context);
    if (policy.Statement.some(({ Sid }) => Sid === Label)) throw labelTaken();
    if (accounts.length === 0 || !accounts.every((id) => parseAccountId(id) !== undefined))
      throw invalid("AWSAccountId");
    const added = {
      Sid: Label,
      Effect: "Allow",
      Principal: { AWS: oneOrMany(accounts.map((id) => `arn:${topic.partition}:iam::${id}:root`)) },
      Action: oneOrMany(actions.map((action) => `SNS:${action}`)),
      Resource: arnOf(topic),
    };
    await putPolicy(topic, { ...policy, Statement: [...policy.Statement, added] }, context);
    return {};
  },
});

export const removePermission = operation("RemovePermission", {
  authorize: ({ TopicArn }, context) => onTopic("RemovePermission", TopicArn, context),

  async handle({ TopicArn, Label }, context) {
    const topic = await requireTopic(TopicArn, context);
    const policy = await policyOf(topic, context);
    const left = policy.Statement.filter(({ Sid }) => Sid !== Label);
    if (left.length < policy.Statement.length) await putPolicy(topic, { ...policy, Statement: left }, context);
    return {};
  },
});

const oneOrMany = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

async function policyOf(topic: Topic, context: Context): Promise<ShownPolicy> {
  const text = (await showPolicy(topic, context)) ?? '{"Version":"2008-10-17","Statement":[]}';
  const read: { Statement: Statement | readonly Statement[] } = JSON.parse(text);
  return { ...read, Statement: [read.Statement].flat() };
}

async function putPolicy(topic: Topic, shown: ShownPolicy, context: Context): Promise<void> {
  const { policy: _was, ...bare } = topic;
  const policy = shown.Statement.length > 0 && (await requirePolicy(JSON.stringify(shown), topic, context));
  homeOf(topic, context.tx).put(topics, { ...bare, ...(policy && { policy }) });
}

/**
 * Data protection policies of topics: kept, and refused where they would have an effect.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-policies.html
 */
import { onTopic } from "../access.ts";
import { invalidBecause, topicNotFound } from "../errors.ts";
import { parseObject } from "../json-object.ts";
import { operation } from "../kit.ts";
import { homeOf, placeOf, topicAt, topics } from "./row.ts";

const POLICY_CHARACTERS_MAX = 30_720;

/** The text of such a policy. @throws {AwsError} `InvalidParameter` */
export function requireProtection(text: string): string {
  const policy = parseObject(text);
  if (policy === undefined || text.length > POLICY_CHARACTERS_MAX) {
    throw invalidBecause("DataProtectionPolicy", "failed to parse JSON");
  }
  for (const member of ["Name", "Version", "Statement"]) {
    if (policy[member] === undefined) throw invalidBecause("DataProtectionPolicy", `Missing required field ${member}`);
  }
  return text;
}

export const putDataProtectionPolicy = operation("PutDataProtectionPolicy", {
  authorize: ({ ResourceArn }, context) => onTopic("PutDataProtectionPolicy", ResourceArn, context),

  async handle({ ResourceArn, DataProtectionPolicy: text }, context) {
    const topic = await topicAt(placeOf(ResourceArn, "ResourceArn", context));
    if (topic === undefined) throw topicNotFound();
    const { protection: _was, ...bare } = topic;
    homeOf(topic, context.tx).put(topics, { ...bare, ...(text !== "" && { protection: requireProtection(text) }) });
    return {};
  },
});

export const getDataProtectionPolicy = operation("GetDataProtectionPolicy", {
  authorize: ({ ResourceArn }, context) => onTopic("GetDataProtectionPolicy", ResourceArn, context),

  async handle({ ResourceArn }, context) {
    const topic = await topicAt(placeOf(ResourceArn, "ResourceArn", context));
    if (topic === undefined) throw topicNotFound();
    return { DataProtectionPolicy: topic.protection ?? "" };
  },
});

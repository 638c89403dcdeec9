/** Topics and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import { policiedRows, shownPolicy } from "../../../service/policied-rows.ts";
import { arnOf, topics } from "./row.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-sns */
export const policiedTopics = policiedRows({
  type: "AWS::SNS::Topic",
  rows: topics,
  find: (arn, { tx }) => tx.get(topics, parseArn(arn)?.resource ?? ""),
  show: async (topic, place) => ({ arn: arnOf(topic), policy: await shownPolicy(topic.policy, place) }),
});

/** Queues and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import { policiedRows, shownPolicy } from "../../../service/policied-rows.ts";
import { arnOf, queues } from "./row.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-sqs */
export const policiedQueues = policiedRows({
  type: "AWS::SQS::Queue",
  rows: queues,
  find: (arn, { tx }) => tx.get(queues, parseArn(arn)?.resource ?? ""),
  show: async (queue, place) => ({ arn: arnOf(queue), policy: await shownPolicy(queue.policy, place) }),
});

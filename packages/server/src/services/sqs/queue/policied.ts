/** Queues and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { arnOf, queues, type Queue } from "./row.ts";

const ROWS = 500;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-sqs */
export const policiedQueues: Policied = {
  type: "AWS::SQS::Queue",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(queues, { after, limit: ROWS });
      for (const queue of rows) found.push(await shown(queue, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = queues.keyOf(last);
    }
  },

  async find(of, place) {
    const queue = await place.tx.get(queues, parseArn(of)?.resource ?? "");
    return queue !== undefined && arnOf(queue) === of ? shown(queue, place) : undefined;
  },
};

const shown = async (queue: Queue, place: PoliciedPlace): Promise<PoliciedResource> => ({
  arn: arnOf(queue),
  owner: queue.account,
  policy: queue.policy && (await place.directory.showPrincipals(queue.policy, place)),
  publicAccess: "possible",
});

/** Topics and their policies, for those who look for what policies let others do. */
import { parseArn } from "../../../kernel/arn.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Policied, PoliciedPlace, PoliciedResource } from "../../../service/policied.ts";
import { arnOf, topics, type Topic } from "./row.ts";

const ROWS = 500;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-sns */
export const policiedTopics: Policied = {
  type: "AWS::SNS::Topic",

  async list(place) {
    const found: PoliciedResource[] = [];
    for (let after: Key | undefined; ;) {
      const rows = await place.tx.scan(topics, { after, limit: ROWS });
      for (const topic of rows) found.push(await shown(topic, place));
      const last = rows.at(-1);
      if (last === undefined) return found;
      after = topics.keyOf(last);
    }
  },

  async find(of, place) {
    const topic = await place.tx.get(topics, parseArn(of)?.resource ?? "");
    return topic !== undefined && arnOf(topic) === of ? shown(topic, place) : undefined;
  },
};

const shown = async (topic: Topic, place: PoliciedPlace): Promise<PoliciedResource> => ({
  arn: arnOf(topic),
  owner: topic.account,
  policy: topic.policy && (await place.directory.showPrincipals(topic.policy, place)),
  publicAccess: "possible",
});

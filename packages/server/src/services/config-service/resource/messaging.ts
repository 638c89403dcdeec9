/** Queues and topics. */
import { allPages, ifThere, tagsOf, type ResourceKind } from "./kind.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type SnsSdk = typeof import("@aws-sdk/client-sns");

/** Known by URL, and by name where a call says so. */
export const queueKind: ResourceKind = {
  type: "AWS::SQS::Queue",
  idOf: ({ service, resource }) => (service === "sqs" ? resource : undefined),

  list: (reader) =>
    allPages(async (NextToken) => {
      const { QueueUrls = [], NextToken: next } = await reader.call<SqsSdk, "ListQueues">({
        service: "sqs",
        operation: "ListQueues",
        input: { MaxResults: 1000, NextToken },
      });
      return { items: QueueUrls.map((url) => url.slice(url.lastIndexOf("/") + 1)), next };
    }),

  async find(name, reader) {
    const found = await ifThere(
      reader.call<SqsSdk, "GetQueueAttributes">({
        service: "sqs",
        operation: "GetQueueAttributes",
        input: { QueueUrl: name, AttributeNames: ["All"] },
      }),
    );
    if (found?.Attributes === undefined) return undefined;
    const { Tags = {} } = await reader.call<SqsSdk, "ListQueueTags">({
      service: "sqs",
      operation: "ListQueueTags",
      input: { QueueUrl: name },
    });
    const all: Readonly<Record<string, string>> = found.Attributes;
    const settings = Object.entries(all).filter(([key]) => !/^(Approximate|LastModified)/.test(key));
    const createdAtSeconds = Number(all["CreatedTimestamp"] ?? 0);
    return {
      id: `https://sqs.${reader.region}.amazonaws.com/${reader.account}/${name}`,
      name,
      arn: all["QueueArn"] ?? "",
      createdAtMs: createdAtSeconds * 1000,
      tags: Tags,
      configuration: Object.fromEntries(settings),
    };
  },
};

export const topicKind: ResourceKind = {
  type: "AWS::SNS::Topic",
  idOf: ({ service, resource, partition, region, account }) =>
    service === "sns" && /^[\w.-]+$/.test(resource)
      ? `arn:${partition}:sns:${region}:${account}:${resource}`
      : undefined,

  list: (reader) =>
    allPages(async (NextToken) => {
      const { Topics = [], NextToken: next } = await reader.call<SnsSdk, "ListTopics">({
        service: "sns",
        operation: "ListTopics",
        input: { NextToken },
      });
      return { items: Topics.map(({ TopicArn = "" }) => TopicArn), next };
    }),

  async find(TopicArn, reader) {
    const found = await ifThere(
      reader.call<SnsSdk, "GetTopicAttributes">({
        service: "sns",
        operation: "GetTopicAttributes",
        input: { TopicArn },
      }),
    );
    if (found?.Attributes === undefined) return undefined;
    const { Tags } = await reader.call<SnsSdk, "ListTagsForResource">({
      service: "sns",
      operation: "ListTagsForResource",
      input: { ResourceArn: TopicArn },
    });
    return {
      id: TopicArn,
      name: TopicArn.slice(TopicArn.lastIndexOf(":") + 1),
      arn: TopicArn,
      tags: tagsOf(Tags),
      configuration: { ...found.Attributes },
    };
  },
};

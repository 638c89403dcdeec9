/** Tag policies that are enforced, as calls meet them that set tags. */
import { CreateKeyCommand, KMSClient, TagResourceCommand as TagKey } from "@aws-sdk/client-kms";
import { DetachPolicyCommand, UpdatePolicyCommand } from "@aws-sdk/client-organizations";
import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient, TagQueueCommand, UntagQueueCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeOrganization } from "../../../../test/organizations.ts";

const TAG_POLICY = "TAG_POLICY";

/** `CostCenter` is 100, 200 or begins with 3, on what `types` says. */
const costCenters = (...types: readonly string[]) =>
  JSON.stringify({
    tags: {
      costcenter: {
        tag_key: { "@@assign": "CostCenter" },
        tag_value: { "@@assign": ["100", "200", "3*"] },
        enforced_for: { "@@assign": types },
      },
    },
  });

async function enforcingWorld(...types: readonly string[]) {
  const organization = await makeOrganization();
  const { cloud, enable, makeAccount, makePolicy, attach, rootId } = organization;
  await enable(TAG_POLICY);
  const member = await makeAccount("dev");
  const policy = await makePolicy("tags", costCenters(...types), TAG_POLICY);
  await attach(policy, rootId);
  const root = cloud.rootOf(member);
  const sqs = cloud.client(SQSClient, root);
  const makeQueue = async (QueueName: string, tags: Record<string, string>) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, tags }))).QueueUrl ?? "";
  return { ...organization, policy, root, sqs, makeQueue };
}

const refused = (key: string) => ({
  name: "TagPolicyException",
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList (TagPolicyException)
  message: `The tag policy does not allow the specified value for the following tag key: '${key}'.`,
});

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies-enforcement.html
test("a resource is neither made nor tagged with a value that is not allowed, or its key in another case", async () => {
  const { makeQueue, sqs } = await enforcingWorld("sqs:queue");
  await expect(makeQueue("a", { CostCenter: "999" })).rejects.toMatchObject(refused("CostCenter"));
  await expect(makeQueue("a", { costcenter: "100" })).rejects.toMatchObject(refused("costcenter"));
  const QueueUrl = await makeQueue("a", { CostCenter: "3-lab", other: "any" });
  const tag = (Tags: Record<string, string>) => sqs.send(new TagQueueCommand({ QueueUrl, Tags }));
  await expect(tag({ CostCenter: "3", COSTCENTER: "200" })).rejects.toMatchObject(refused("COSTCENTER"));
  await tag({ CostCenter: "200" });
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html (untagged resources are not evaluated)
  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["CostCenter"] }));
  await makeQueue("untagged", {});
});

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html (wildcards)
test("what is enforced for is a type of resource, or all of a service", async () => {
  const { cloud, root, makeQueue } = await enforcingWorld("kms:*", "s3:bucket", "sns:topic");
  const kms = cloud.client(KMSClient, root);
  const Tags = [{ TagKey: "CostCenter", TagValue: "999" }];
  await expect(kms.send(new CreateKeyCommand({ Tags }))).rejects.toMatchObject(refused("CostCenter"));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const tagged = kms.send(new TagKey({ KeyId: KeyMetadata?.KeyId, Tags }));
  await expect(tagged).rejects.toMatchObject(refused("CostCenter"));
  const TagSet = [{ Key: "CostCenter", Value: "999" }];
  const sns = cloud.client(SNSClient, root);
  const topic = sns.send(new CreateTopicCommand({ Name: "t", Tags: TagSet }));
  await expect(topic).rejects.toMatchObject(refused("CostCenter"));
  const s3 = cloud.client(S3Client, root);
  await s3.send(new CreateBucketCommand({ Bucket: "tagged" }));
  const bucket = s3.send(new PutBucketTaggingCommand({ Bucket: "tagged", Tagging: { TagSet } }));
  await expect(bucket).rejects.toMatchObject(refused("CostCenter"));
  await makeQueue("free", { CostCenter: "999" });
});

test("it holds from the moment that it is attached, in all accounts below, until it is detached", async () => {
  const { cloud, client, policy, rootId, makeQueue } = await enforcingWorld("sqs:queue");
  const management = cloud.client(SQSClient);
  const made = management.send(new CreateQueueCommand({ QueueName: "m", tags: { CostCenter: "1" } }));
  await expect(made).rejects.toMatchObject(refused("CostCenter"));
  await client.send(new UpdatePolicyCommand({ PolicyId: policy, Content: costCenters("sns:topic") }));
  await makeQueue("a", { CostCenter: "999" });
  await client.send(new UpdatePolicyCommand({ PolicyId: policy, Content: costCenters("sqs:ALL_SUPPORTED") }));
  await expect(makeQueue("b", { CostCenter: "999" })).rejects.toMatchObject(refused("CostCenter"));
  await client.send(new DetachPolicyCommand({ PolicyId: policy, TargetId: rootId }));
  await makeQueue("b", { CostCenter: "999" });
});

import {
  AssociateKmsKeyCommand,
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeResourcePoliciesCommand,
  DisassociateKmsKeyCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutResourcePolicyCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser, policyText, type Rights } from "../../../test/identities.ts";
import { APP, logWorld } from "../../../test/logs.ts";

const ARN = "arn:aws:logs:us-east-1:000000000000:log-group:app";

async function clientWith(Statement: readonly object[]) {
  const world = await logWorld();
  const user = await makeUser(world.cloud, "ann", { allow: { Statement } });
  return { ...world, ann: world.cloud.client(CloudWatchLogsClient, user) };
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format
test("rights on a group end with a star behind its name, but for those about tags", async () => {
  const Action = ["logs:PutRetentionPolicy", "logs:ListTagsForResource"];
  const retain = new PutRetentionPolicyCommand({ logGroupName: "app", retentionInDays: 1 });
  const listTags = new ListTagsForResourceCommand({ resourceArn: ARN });
  const starred = await clientWith([{ Effect: "Allow", Action, Resource: `${ARN}:*` }]);
  await starred.ann.send(retain);
  await expect(starred.ann.send(listTags)).rejects.toThrow(
    `is not authorized to perform: logs:ListTagsForResource on resource: ${ARN}`,
  );
  const bare = await clientWith([{ Effect: "Allow", Action, Resource: ARN }]);
  await bare.ann.send(listTags);
  await expect(bare.ann.send(retain)).rejects.toThrow(
    `is not authorized to perform: logs:PutRetentionPolicy on resource: ${ARN}:log-stream:`,
  );
});

test("rights may be on one stream", async () => {
  const Resource = `${ARN}:log-stream:main`;
  const { ann, now, stream } = await clientWith([{ Effect: "Allow", Action: "logs:PutLogEvents", Resource }]);
  await stream("app", "other");
  const logEvents = [{ timestamp: now(), message: "x" }];
  await ann.send(new PutLogEventsCommand({ ...APP, logEvents }));
  const elsewhere = ann.send(new PutLogEventsCommand({ ...APP, logStreamName: "other", logEvents }));
  await expect(elsewhere).rejects.toMatchObject({ name: "AccessDeniedException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html (unmask)
test("who wants to see what is masked needs the right to that", async () => {
  const { ann } = await clientWith([{ Effect: "Allow", Action: "logs:GetLogEvents", Resource: "*" }]);
  await ann.send(new GetLogEventsCommand(APP));
  const unmasked = ann.send(new GetLogEventsCommand({ ...APP, unmask: true }));
  await expect(unmasked).rejects.toThrow("is not authorized to perform: logs:Unmask");
});

test("rights follow the tags of a group, and tags that are asked for", async () => {
  const Condition = { StringEquals: { "aws:RequestTag/team": "a" } };
  const { ann } = await clientWith([
    { Effect: "Allow", Action: ["logs:CreateLogGroup", "logs:TagResource"], Resource: "*", Condition },
    {
      Effect: "Allow",
      Action: "logs:PutRetentionPolicy",
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/team": "a" } },
    },
  ]);
  await ann.send(new CreateLogGroupCommand({ logGroupName: "mine", tags: { team: "a" } }));
  await ann.send(new PutRetentionPolicyCommand({ logGroupName: "mine", retentionInDays: 1 }));
  const other = ann.send(new CreateLogGroupCommand({ logGroupName: "other", tags: { team: "b" } }));
  await expect(other).rejects.toMatchObject({ name: "AccessDeniedException" });
  const untagged = ann.send(new PutRetentionPolicyCommand({ logGroupName: "app", retentionInDays: 1 }));
  await expect(untagged).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("another account's policy lets nobody in without a policy of the group's account", async () => {
  const { logs, cloud, now } = await logWorld();
  const logEvents = [{ timestamp: now(), message: "x" }];
  const stranger = cloud.client(CloudWatchLogsClient, cloud.rootOf("111111111111"));
  const read = () => stranger.send(new GetLogEventsCommand({ logGroupIdentifier: ARN, logStreamName: "main" }));
  await logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
  await expect(read()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const rights: Rights = {
    Statement: [
      { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "logs:GetLogEvents", Resource: `${ARN}:*` },
    ],
  };
  await logs.send(new PutResourcePolicyCommand({ policyName: "them", policyDocument: policyText(rights) }));
  expect((await read()).events).toMatchObject([{ message: "x" }]);
  const { resourcePolicies } = await logs.send(new DescribeResourcePoliciesCommand({}));
  expect(resourcePolicies).toMatchObject([
    { policyName: "them", policyScope: "ACCOUNT", policyDocument: expect.stringContaining("111111111111") },
  ]);
});

test("an account has ten policies at the most, each by its name", async () => {
  const { logs } = await logWorld();
  const policyDocument = policyText({
    Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "logs:*", Resource: "*" }],
  });
  const put = (name: number) => logs.send(new PutResourcePolicyCommand({ policyName: `p${name}`, policyDocument }));
  for (let name = 0; name < 10; name += 1) await put(name);
  await put(3);
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
  await expect(put(10)).rejects.toMatchObject({ name: "LimitExceededException", message: "Resource limit exceeded." });
});

/** As the guide gives it. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
const keyPolicy = (groups: string): string =>
  policyText({
    Statement: [
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { Service: "logs.us-east-1.amazonaws.com" },
        Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        Resource: "*",
        Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
      },
    ],
  });

async function keyedWorld() {
  const world = await logWorld();
  const kms = world.cloud.client(KMSClient);
  const { KeyMetadata: { Arn: kmsKeyId = "" } = {} } = await kms.send(new CreateKeyCommand({}));
  const allow = (groups: string) => kms.send(new PutKeyPolicyCommand({ KeyId: kmsKeyId, Policy: keyPolicy(groups) }));
  const associate = () => world.logs.send(new AssociateKmsKeyCommand({ logGroupName: "app", kmsKeyId }));
  return { ...world, kms, kmsKeyId, allow, associate };
}

test("a group takes a key whose policy lets CloudWatch Logs use it for this group, and no other", async () => {
  const { associate, allow } = await keyedWorld();
  const refused = {
    name: "AccessDeniedException",
    message: expect.stringContaining("The specified KMS key does not exist or is not allowed to be used with Arn"),
  };
  await expect(associate()).rejects.toMatchObject(refused);
  await allow(`${ARN}-other`);
  await expect(associate()).rejects.toMatchObject(refused);
  await allow(ARN);
  await associate();
});

test("what was encrypted with a key that is disabled can neither be read nor added to, once it is forgotten", async () => {
  const { associate, allow, kms, kmsKeyId, logs, put, read, cloud } = await keyedWorld();
  await put(["before"]);
  await allow(ARN);
  await associate();
  await put(["secret"]);
  await kms.send(new DisableKeyCommand({ KeyId: kmsKeyId }));
  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html (up to five minutes)
  await cloud.clock.advance(301);
  await expect(read("app", "main")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(put(["more"])).rejects.toMatchObject({ name: "AccessDeniedException" });
  await logs.send(new DisassociateKmsKeyCommand({ logGroupName: "app" }));
  await put(["after"]);
  await kms.send(new EnableKeyCommand({ KeyId: kmsKeyId }));
  expect(await read("app", "main")).toEqual(["before", "secret", "after"]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/logs/test_logs_resource_policies.snapshot.json (test_put_resource_policy, test_put_resource_policy_update)
test("a policy is given back as it was put, and described with its version and without lists of one", async () => {
  const { logs } = await logWorld();
  const Statement = [{ Effect: "Allow", Principal: { Service: ["a.amazonaws.com"] }, Action: "logs:*", Resource: "*" }];
  const policyDocument = JSON.stringify({ Statement });
  const { resourcePolicy } = await logs.send(new PutResourcePolicyCommand({ policyName: "p", policyDocument }));
  expect(resourcePolicy?.policyDocument).toBe(policyDocument);
  const { resourcePolicies = [] } = await logs.send(new DescribeResourcePoliciesCommand({}));
  expect(resourcePolicies.map((one) => JSON.parse(one.policyDocument ?? ""))).toEqual([
    { Version: "2008-10-17", Statement: [{ ...Statement[0], Principal: { Service: "a.amazonaws.com" } }] },
  ]);
});

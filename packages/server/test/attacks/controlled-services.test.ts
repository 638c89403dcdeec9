/** Policies of an organization, got round by having a service of AWS make the call. */
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreatePipeCommand, PipesClient } from "@aws-sdk/client-pipes";
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeRole, policyText } from "../identities.ts";
import { withIdentityCenter } from "../identity-center.ts";
import { makeOrganization } from "../organizations.ts";
import { servicePolicy } from "../service-policy.ts";
import type { TestCloud } from "../test-cloud.ts";
import { refused } from "./refused.ts";

const OUTSIDER = "999999999999";

const arnOf = (account: string, queue: string): string => `arn:aws:sqs:us-east-1:${account}:${queue}`;

async function makeQueue(cloud: TestCloud, account: string, QueueName: string): Promise<() => Promise<number>> {
  const sqs = cloud.client(SQSClient, cloud.rootOf(account));
  const Policy = servicePolicy({ service: "s3", may: "sqs:SendMessage", on: arnOf(account, QueueName) });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  return async () => {
    const AttributeNames = ["ApproximateNumberOfMessages" as const];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return Number(Attributes?.["ApproximateNumberOfMessages"]);
  };
}

/** Has a bucket of the account tell a queue, which S3 tries out at once. */
async function tell(cloud: TestCloud, from: string, queue: string): Promise<void> {
  const s3 = cloud.client(S3Client, cloud.rootOf(from));
  const Bucket = `bucket-of-${from}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const QueueConfigurations = [{ QueueArn: queue, Events: ["s3:ObjectCreated:*" as const] }];
  const NotificationConfiguration = { QueueConfigurations };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

test("a resource control policy against confused deputies tells accounts of the organization from others", async () => {
  const { cloud, organizationId, enable, makePolicy, attach, makeAccount } = await makeOrganization();
  const [member, sister] = [await makeAccount("member"), await makeAccount("sister")];
  const held = await makeQueue(cloud, member, "letters");
  await enable("RESOURCE_CONTROL_POLICY");
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html
  const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:*"],
    Resource: "*",
    Condition: {
      StringNotEqualsIfExists: { "aws:SourceOrgID": organizationId },
      Null: { "aws:SourceAccount": "false" },
      Bool: { "aws:PrincipalIsAWSService": "true" },
    },
  };
  await attach(await makePolicy("deputies", policyText({ Statement: [statement] }), "RESOURCE_CONTROL_POLICY"), member);
  const QUEUE = arnOf(member, "letters");
  expect(await refused(tell(cloud, OUTSIDER, QUEUE))).toMatchObject({ name: "InvalidArgument" });
  expect(await held()).toBe(0);
  await tell(cloud, sister, QUEUE);
  expect(await held()).toBe(1);
});

test("a queue may be open to the services of an organization's accounts alone", async () => {
  const { cloud, organizationId, makeAccount } = await makeOrganization();
  const [member, sister] = [await makeAccount("member"), await makeAccount("sister")];
  const sqs = cloud.client(SQSClient, cloud.rootOf(member));
  const where = { "ForAnyValue:StringLike": { "aws:SourceOrgPaths": `${organizationId}/*` } };
  const Policy = servicePolicy({ service: "s3", may: "sqs:SendMessage", where });
  await sqs.send(new CreateQueueCommand({ QueueName: "letters", Attributes: { Policy } }));
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (aws:SourceOrgPaths)
  expect(await refused(tell(cloud, OUTSIDER, arnOf(member, "letters")))).toMatchObject({ name: "InvalidArgument" });
  await tell(cloud, sister, arnOf(member, "letters"));
});

/** A member in which nobody may send to the queue `letters`, from some moment on. */
async function silencedMember() {
  const { cloud, makePolicy, attach, makeAccount } = await makeOrganization();
  const member = await makeAccount("member");
  const silence = { Effect: "Deny", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:*:*:letters" };
  const policy = await makePolicy("silence", policyText({ Statement: [silence] }));
  return { cloud, member, silence: () => attach(policy, member) };
}

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
test("a role that a schedule takes on is bound by the service control policies of its account", async () => {
  const { cloud, member, silence } = await silencedMember();
  const held = await makeQueue(cloud, member, "letters");
  const principal = { Service: "scheduler.amazonaws.com" };
  const RoleArn = await makeRole(cloud, "runner", { account: member, principal, allow: ["sqs:SendMessage"] });
  const Target = { Arn: arnOf(member, "letters"), RoleArn, Input: "x" };
  const scheduler = cloud.client(SchedulerClient, cloud.rootOf(member));
  const FlexibleTimeWindow = { Mode: "OFF" } as const;
  const ScheduleExpression = "rate(1 hour)";
  await scheduler.send(new CreateScheduleCommand({ Name: "s", Target, FlexibleTimeWindow, ScheduleExpression }));
  await cloud.clock.advance(3660);
  const before = await held();
  expect(before).toBeGreaterThan(0);
  await silence();
  await cloud.clock.advance(3 * 3600);
  expect(await held()).toBe(before);
});

test("a role that a pipe takes on is bound by them as well", async () => {
  const { cloud, member, silence } = await silencedMember();
  const sqs = cloud.client(SQSClient, cloud.rootOf(member));
  await makeQueue(cloud, member, "from");
  const held = await makeQueue(cloud, member, "letters");
  const principal = { Service: "pipes.amazonaws.com" };
  const RoleArn = await makeRole(cloud, "piper", { account: member, principal, allow: ["sqs:*"] });
  const pipe = { Name: "flow", Source: arnOf(member, "from"), Target: arnOf(member, "letters"), RoleArn };
  await cloud.client(PipesClient, cloud.rootOf(member)).send(new CreatePipeCommand(pipe));
  const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${member}/from`;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "1" }));
  await cloud.clock.advance(5);
  expect(await held()).toBe(1);
  await silence();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "2" }));
  await cloud.clock.advance(60);
  expect(await held()).toBe(1);
});

test("service control policies bind no service that calls as itself", async () => {
  const { cloud, member, silence } = await silencedMember();
  const held = await makeQueue(cloud, member, "letters");
  await silence();
  await tell(cloud, member, arnOf(member, "letters"));
  expect(await held()).toBe(1);
});

test("a service-linked role is bound by no service control policy", async () => {
  const { cloud, assign, makeAccount, addUser, addPermissionSet, makePolicy, attach } = await withIdentityCenter();
  const member = await makeAccount("member");
  const nothing = policyText({ Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] });
  await attach(await makePolicy("nothing", nothing), member);
  const own = makeRole(cloud, "own", { account: member, allow: ["*"] });
  expect(await refused(own)).toMatchObject({ name: "AccessDenied" });
  const assigned = await assign(await addPermissionSet("ReadOnly"), member, await addUser("ann"));
  expect(assigned).toMatchObject({ Status: "SUCCEEDED" });
});

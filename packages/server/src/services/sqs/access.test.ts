import {
  AddPermissionCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { queueWorld } from "../../../test/queues.ts";

const OTHER = "111111111111";
const ARN = "arn:aws:sqs:us-east-1:000000000000:jobs";

test("a user may do with a queue what a policy says, and nothing else", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  const allow = { Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: ARN }] };
  const sender = world.clientOf(await makeUser(world.cloud, "sender", { allow }));
  await sender.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  const receive = sender.send(new ReceiveMessageCommand({ QueueUrl }));
  // Source: https://github.com/aws/serverless-application-model/issues/3633
  await expect(receive).rejects.toMatchObject({
    Code: "AccessDenied",
    message: `User: arn:aws:iam::000000000000:user/sender is not authorized to perform: sqs:receivemessage on resource: ${ARN} because no identity-based policy allows the sqs:receivemessage action`,
  });
});

test("another account gets in by the queue's policy, and never to what is the owner's", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  const stranger = world.clientOf(world.cloud.rootOf(OTHER));
  const send = () => stranger.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  await expect(send()).rejects.toMatchObject({ name: expect.stringContaining("AccessDenied") });
  await world.sqs.send(
    new AddPermissionCommand({
      QueueUrl,
      Label: "them",
      AWSAccountIds: [OTHER],
      Actions: ["SendMessage", "GetQueueUrl"],
    }),
  );
  await send();
  const found = await stranger.send(
    new GetQueueUrlCommand({ QueueName: "jobs", QueueOwnerAWSAccountId: "000000000000" }),
  );
  expect(found.QueueUrl).toBe(QueueUrl);
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: OTHER }, Action: "sqs:*", Resource: ARN }],
  });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await stranger.send(new ReceiveMessageCommand({ QueueUrl }));
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html
  const tag = stranger.send(new TagQueueCommand({ QueueUrl, Tags: { mine: "yes" } }));
  await expect(tag).rejects.toMatchObject({ name: expect.stringContaining("AccessDenied") });
});

test("AddPermission writes a statement that is read back", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  await world.sqs.send(
    new AddPermissionCommand({ QueueUrl, Label: "them", AWSAccountIds: [OTHER], Actions: ["SendMessage"] }),
  );
  const { Attributes } = await world.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_sqs_permission_lifecycle)
  expect(JSON.parse(Attributes?.Policy ?? "{}")).toEqual({
    Version: "2008-10-17",
    Id: `${ARN}/SQSDefaultPolicy`,
    Statement: [
      {
        Sid: "them",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
        Action: "SQS:SendMessage",
        Resource: ARN,
      },
    ],
  });
  const remove = (Label: string) => world.sqs.send(new RemovePermissionCommand({ QueueUrl, Label }));
  await expect(remove("others")).rejects.toThrow("Reason: can't find label on existing policy.");
  await remove("them");
  await expect(remove("them")).rejects.toThrow("Value them for parameter Label is invalid. Reason: can't find label.");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_set_queue_policy, run against AWS)
test("a policy may begin with blanks", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: ARN };
  const Policy = `\n${JSON.stringify({ Version: "2012-10-17", Statement: [statement] })}\n`;
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const stranger = world.clientOf(world.cloud.rootOf(OTHER));
  const { MessageId } = await stranger.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  expect(MessageId).toBeDefined();
});

// Source: https://github.com/ansible-collections/community.aws/blob/main/tests/integration/targets/sqs_queue/tasks/main.yml (run against AWS)
test("a policy that says neither whom it is for nor of which queue is kept, and lets nobody in", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*" } });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const { Attributes } = await world.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }));
  expect(JSON.parse(Attributes?.Policy ?? "").Statement).toEqual([{ Effect: "Allow", Action: "*" }]);
  const stranger = world.clientOf(world.cloud.rootOf(OTHER));
  const refused = stranger.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  await expect(refused).rejects.toMatchObject({ name: expect.stringContaining("AccessDenied") });
});

test("tags of a queue are there for conditions", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  await world.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: "blue" } }));
  const allow = {
    Statement: [
      {
        Effect: "Allow",
        Action: "sqs:*",
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/team": "blue" } },
      },
    ],
  };
  const user = world.clientOf(await makeUser(world.cloud, "blue", { allow }));
  await user.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
  const other = await world.create("other");
  const refused = user.send(new SendMessageCommand({ QueueUrl: other, MessageBody: "hello" }));
  await expect(refused).rejects.toMatchObject({ name: expect.stringContaining("AccessDenied") });
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html (anonymous users)
test("who signs nothing may do what the policy lets everybody do, and no more", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  const ask = async (query: Record<string, string>) => {
    const { pathname: path, host } = new URL(QueueUrl);
    const { statusCode, body } = await world.cloud.send({ method: "GET", path, query, headers: { host } });
    return `${statusCode} ${Buffer.from(body).toString("utf8")}`;
  };
  const send = { Action: "SendMessage", MessageBody: "hello" };
  expect(await ask(send)).toMatch(/^403 .*<Code>AccessDenied<\/Code>/);
  const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: ARN };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  expect(await ask(send)).toMatch(/^200 <SendMessageResponse/);
  expect(await ask({ Action: "ReceiveMessage" })).toMatch(/^403 /);
  expect(await ask({ Action: "DeleteQueue" })).toMatch(/^403 /);
  const [message] = await world.receive(QueueUrl, { MessageSystemAttributeNames: ["SenderId"] });
  expect(message).toMatchObject({ Body: "hello", Attributes: { SenderId: "127.0.0.1" } });
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
test("a queue's policy has at most so many statements, principals, conditions and bytes", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("jobs");
  const put = (...Statement: readonly object[]) => {
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    return world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  };
  const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: ARN };
  const many = (length: number) => Array.from({ length }, () => statement);
  const principals = (length: number) => ({
    ...statement,
    Principal: { AWS: Array.from({ length }, (_, at) => String(100_000_000_000 + at)) },
  });
  const conditions = (length: number) => ({
    ...statement,
    Condition: { StringEquals: Object.fromEntries(Array.from({ length }, (_, at) => [`aws:PrincipalTag/${at}`, "x"])) },
  });
  const invalid = { name: "InvalidAttributeValue" };
  await put(...many(20));
  await expect(put(...many(21))).rejects.toMatchObject({ name: "OverLimit" });
  await put(principals(50));
  await expect(put(principals(51))).rejects.toMatchObject(invalid);
  await put(conditions(10));
  await expect(put(conditions(11))).rejects.toMatchObject(invalid);
  await expect(put({ ...statement, Sid: "x".repeat(8192) })).rejects.toMatchObject(invalid);
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (permissions)
test("who has letters moved has to be let take them, and send them to where they go", async () => {
  const world = await queueWorld();
  const dead = "arn:aws:sqs:us-east-1:000000000000:dead";
  await world.create("dead");
  await world.create("jobs", {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }),
  });
  const start = async (user: string, actions: readonly string[], DestinationArn?: string) => {
    const Statement = [{ Effect: "Allow", Action: actions, Resource: [dead, "arn:aws:sqs:us-east-1:*:jobs"] }];
    const sqs = world.clientOf(await makeUser(world.cloud, user, { allow: { Statement } }));
    return sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead, ...(DestinationArn && { DestinationArn }) }));
  };
  const taking = ["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  await expect(start("ann", ["sqs:StartMessageMoveTask"])).rejects.toThrow("sqs:receivemessage");
  await expect(start("bob", taking, ARN)).rejects.toThrow("sqs:sendmessage");
  const others = world.clientOf(world.cloud.rootOf(OTHER));
  await others.send(new CreateQueueCommand({ QueueName: "jobs" }));
  const elsewhere = start("eve", [...taking, "sqs:SendMessage"], `arn:aws:sqs:us-east-1:${OTHER}:jobs`);
  await expect(elsewhere).rejects.toThrow("sqs:sendmessage");
  await start("cat", [...taking, "sqs:SendMessage"], ARN);
});

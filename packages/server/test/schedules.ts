/** Schedules as tests need them: a queue, and a role that may send to it and that the service may take on. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateScheduleCommand, SchedulerClient, type CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient, type Message } from "@aws-sdk/client-sqs";
import { servicePolicy } from "./service-policy.ts";
import type { TestCloud } from "./test-cloud.ts";

export const ACCOUNT = "000000000000";
export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;

/** A role that `service` may take on; with leave to do `actions`. */
export async function makeRole(
  cloud: TestCloud,
  { name, service, actions, condition }: { name: string; service: string; actions: string[]; condition?: object },
): Promise<string> {
  const iam = cloud.client(IAMClient);
  const trust = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(condition && { Condition: condition }),
  };
  const made = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    }),
  );
  if (actions.length > 0) {
    const grant = { Effect: "Allow", Action: actions, Resource: "*" };
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: "work",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [grant] }),
      }),
    );
  }
  return made.Role?.Arn ?? "";
}

export async function makeQueue(
  cloud: TestCloud,
  name: string,
  attributes: Record<string, string> = {},
): Promise<string> {
  const { QueueUrl = "" } = await cloud
    .client(SQSClient)
    .send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  return QueueUrl;
}

/** A queue that `service`, such as `events`, may send to. Its URL. */
export async function openQueue(cloud: TestCloud, name: string, service: string): Promise<string> {
  return makeQueue(cloud, name, { Policy: servicePolicy({ service, may: "sqs:SendMessage", on: queueArn(name) }) });
}

/** What lies in a queue, as far as one receive tells. */
export async function received(cloud: TestCloud, url: string): Promise<readonly Message[]> {
  const { Messages = [] } = await cloud.client(SQSClient).send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return Messages;
}

/** A cloud with a queue `jobs` and the role that schedules need for it. */
export async function withQueue(cloud: TestCloud) {
  const url = await makeQueue(cloud, "jobs");
  const role = await makeRole(cloud, {
    name: "runner",
    service: "scheduler.amazonaws.com",
    actions: ["sqs:SendMessage"],
  });
  const scheduler = cloud.client(SchedulerClient);
  const create = (more: Partial<CreateScheduleCommandInput> & { target?: object }) => {
    const { target, ...rest } = more;
    return scheduler.send(
      new CreateScheduleCommand({
        Name: "nightly",
        ScheduleExpression: "rate(1 hour)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: queueArn("jobs"), RoleArn: role, Input: "go", ...target },
        ...rest,
      }),
    );
  };
  return { url, role, scheduler, create };
}

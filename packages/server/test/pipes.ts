/** Pipes as tests need them: a source queue, a target queue, and a role that may read the one and write to the other. */
import { CreatePipeCommand, PipesClient, type CreatePipeCommandInput } from "@aws-sdk/client-pipes";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { makeQueue, makeRole, queueArn } from "./schedules.ts";
import type { TestCloud } from "./test-cloud.ts";

const READING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

export async function withPipe(cloud: TestCloud, { actions = ["sqs:SendMessage"] }: { actions?: string[] } = {}) {
  const from = await makeQueue(cloud, "from", { VisibilityTimeout: "30" });
  const to = await makeQueue(cloud, "to");
  const role = await makeRole(cloud, {
    name: "piper",
    service: "pipes.amazonaws.com",
    actions: [...READING, ...actions],
  });
  const pipes = cloud.client(PipesClient);
  const sqs = cloud.client(SQSClient);
  return {
    from,
    to,
    role,
    pipes,
    create: (more: Partial<CreatePipeCommandInput> = {}) =>
      pipes.send(
        new CreatePipeCommand({
          Name: "flow",
          Source: queueArn("from"),
          Target: queueArn("to"),
          RoleArn: role,
          ...more,
        }),
      ),
    send: (body: string, more: object = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl: from, MessageBody: body, ...more })),
    /** Lets the pipe do what it has to do. */
    settle: () => cloud.clock.advance(1),
  };
}

import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { StopPipeCommand } from "@aws-sdk/client-pipes";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";
import { withPipe } from "../../../test/pipes.ts";
import { ACCOUNT, received } from "../../../test/schedules.ts";

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;

async function world(source: string) {
  const functions = await functionWorld();
  await functions.create("work", source);
  const { cloud } = functions;
  return { cloud, ...(await withPipe(cloud, { actions: ["sqs:SendMessage", "lambda:InvokeFunction"] })) };
}

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-enrichment.html
test("an enrichment makes of the events what goes on", async () => {
  const { cloud, to, create, send, settle } = await world(
    "export const handler = async (events) => events.flatMap(({ body }) => body === 'no' ? [] : [{ said: body.toUpperCase() }]);",
  );
  await create({ Enrichment: functionArn("work"), TargetParameters: { InputTemplate: '{"loud":"<$.said>"}' } });
  await send("no");
  await settle();
  await send("yes");
  await settle();
  expect((await received(cloud, to)).map(({ Body = "" }) => JSON.parse(Body))).toEqual([{ loud: "YES" }]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
test("what a function says it could not do comes again, and only that", async () => {
  const { cloud, from, pipes, create, send, settle } = await world(`
    export const handler = async (events) => ({
      batchItemFailures: events.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })),
    });`);
  for (const body of ["good", "bad", "better"]) await send(body);
  await create({ Target: functionArn("work") });
  await settle();
  await pipes.send(new StopPipeCommand({ Name: "flow" }));
  await cloud.clock.advance(60);
  expect((await received(cloud, from)).map(({ Body }) => Body)).toEqual(["bad"]);
});

test("a function that fails keeps the messages in the queue, and one that is not allowed does too", async () => {
  const { cloud, from, pipes, create, send, settle } = await world(
    "export const handler = async () => { throw new Error('no'); };",
  );
  await create({ Target: functionArn("work") });
  await send("kept");
  await settle();
  const statement = { Effect: "Deny", Action: "lambda:*", Resource: "*" };
  await cloud.client(IAMClient).send(
    new PutRolePolicyCommand({
      RoleName: "piper",
      PolicyName: "deny",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    }),
  );
  await cloud.clock.advance(40);
  await pipes.send(new StopPipeCommand({ Name: "flow" }));
  await cloud.clock.advance(60);
  const [message] = await received(cloud, from);
  expect(message).toMatchObject({ Body: "kept" });
  expect(Number(message?.Attributes?.["ApproximateReceiveCount"])).toBeGreaterThan(2);
});

import {
  GetFunctionRecursionConfigCommand,
  InvokeAsyncCommand,
  InvokeWithResponseStreamCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  type InvokeWithResponseStreamCommandInput,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { REMEMBERS } from "../../../../test/function-queue.ts";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";

const FunctionName = "f";

/** What comes back: the pieces, and how it ended. */
async function streamed({ lambda }: FunctionWorld, more: Partial<InvokeWithResponseStreamCommandInput> = {}) {
  const { EventStream, ...head } = await lambda.send(new InvokeWithResponseStreamCommand({ FunctionName, ...more }));
  const pieces: string[] = [];
  let end: object | undefined;
  for await (const event of EventStream ?? []) {
    if (event.PayloadChunk !== undefined) pieces.push(Buffer.from(event.PayloadChunk.Payload ?? []).toString());
    if (event.InvokeComplete !== undefined) end = event.InvokeComplete;
  }
  return { head, text: pieces.join(""), end };
}

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
test("an answer comes in pieces, and at last how it ended", async () => {
  const world = await functionWorld();
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    stream.write("one ");
    stream.write(event.more);
    stream.end();
  });`;
  await world.create(FunctionName, source);
  const { head, text, end } = await streamed(world, { Payload: Buffer.from('{"more":"two"}'), LogType: "Tail" });
  expect(head).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
  expect(text).toBe("one two");
  expect(end).toMatchObject({ LogResult: expect.any(String) });
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStreamCompleteEvent.html
test("a function that fails says so at the end of its stream", async () => {
  const world = await functionWorld();
  await world.create(FunctionName, `export const handler = async () => { throw new Error("no"); };`);
  const { end } = await streamed(world);
  expect(end).toMatchObject({ ErrorCode: "Unhandled", ErrorDetails: expect.stringContaining("no") });
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html (InvocationType, Errors)
test("a trial runs nothing, and a function without concurrency is throttled", async () => {
  const world = await functionWorld();
  await world.create(FunctionName, REMEMBERS);
  expect(await streamed(world, { InvocationType: "DryRun" })).toMatchObject({ head: { StatusCode: 204 }, text: "" });
  await world.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  await expect(streamed(world)).rejects.toMatchObject({ name: "TooManyRequestsException" });
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeAsync.html
test("InvokeAsync hands an event over, and does not wait", async () => {
  const world = await functionWorld();
  await world.create(FunctionName, REMEMBERS);
  const InvokeArgs = JSON.stringify({ Records: [{ body: "hello" }] });
  expect(await world.lambda.send(new InvokeAsyncCommand({ FunctionName, InvokeArgs }))).toMatchObject({ Status: 202 });
  await world.cloud.clock.advance(1);
  expect((await world.invoke(FunctionName)).answer).toEqual([["hello"]]);
  await expect(world.lambda.send(new InvokeAsyncCommand({ FunctionName: "none", InvokeArgs }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await expect(world.lambda.send(new InvokeAsyncCommand({ FunctionName, InvokeArgs: "{" }))).rejects.toMatchObject({
    name: "InvalidRequestContentException",
  });
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionRecursionConfig.html
test("loops are ended unless it is said otherwise", async () => {
  const world = await functionWorld();
  await world.create(FunctionName, REMEMBERS);
  const read = async () =>
    (await world.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop;
  expect(await read()).toBe("Terminate");
  await world.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: "Allow" }));
  expect(await read()).toBe("Allow");
});

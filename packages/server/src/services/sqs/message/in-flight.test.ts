import { expect, test } from "vitest";
import { tellsOfCrowd } from "../queue/length.ts";

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (in-flight messages)
test("only who asks a standard queue without waiting is told that too many messages are in flight", () => {
  const [standard, fifo] = [{ name: "jobs" }, { name: "jobs.fifo" }];
  expect(tellsOfCrowd(standard, { waits: false })).toBe(true);
  expect(tellsOfCrowd(standard, { waits: true })).toBe(false);
  expect(tellsOfCrowd(fifo, { waits: false })).toBe(false);
  expect(tellsOfCrowd(fifo, { waits: true })).toBe(false);
});

import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ErrandContext } from "../../src/service/errand.ts";
import { errandService, nextMessage } from "../errand-service.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";

type Make = (context: ErrandContext, id: string) => Promise<void>;

const cloudWith = (make: Make, more = {}) => testCloud({ services: { ec2: errandService(make) }, ...more });

async function states(cloud: TestCloud) {
  const { Volumes = [] } = await cloud.client(EC2Client).send(new DescribeVolumesCommand());
  return Volumes.map(({ State }) => State);
}

const createVolume = (cloud: TestCloud) =>
  cloud.client(EC2Client).send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 }));

/** A queue that the service may read. */
async function newQueue(cloud: TestCloud): Promise<string> {
  const Policy = JSON.stringify({
    Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sqs:*", Resource: "*" },
  });
  const created = new CreateQueueCommand({ QueueName: "orders", Attributes: { Policy } });
  return (await cloud.client(SQSClient).send(created)).QueueUrl ?? "";
}

test("an errand begins when its time has come, and moving the clock waits for it", async () => {
  const outside = Promise.withResolvers<void>();
  const cloud = await cloudWith(() => outside.promise);
  await createVolume(cloud);
  await cloud.clock.advance(59);
  expect(await states(cloud)).toEqual(["creating"]);
  const moved = cloud.clock.advance(1);
  // no transaction is open meanwhile: others go on
  await createVolume(cloud);
  outside.resolve();
  await moved;
  expect(new Set(await states(cloud))).toEqual(new Set(["available", "creating"]));
});

test("many errands are done at a time", async () => {
  let under = 0;
  const all = Promise.withResolvers<void>();
  const cloud = await cloudWith(() => {
    if (++under === 20) all.resolve();
    return all.promise;
  });
  await cloud.cloud.clock.freeze();
  await Promise.all(Array.from({ length: 20 }, () => createVolume(cloud)));
  await cloud.clock.advance(60);
  expect(new Set(await states(cloud))).toEqual(new Set(["available"]));
});

test("an errand that fails is tried again", async () => {
  let tries = 0;
  const faults: unknown[] = [];
  const make = async () => {
    if (++tries < 3) throw new Error("not yet");
  };
  const cloud = await cloudWith(make, { report: (error: unknown) => faults.push(error) });
  await createVolume(cloud);
  await cloud.clock.advance(60);
  expect(await states(cloud)).toEqual(["creating"]);
  await cloud.clock.advance(3);
  expect(await states(cloud)).toEqual(["available"]);
  expect(faults).toHaveLength(2);
});

test("an errand is not given up, however often it fails", async () => {
  let tries = 0;
  const make = async () => {
    if (++tries < 15) throw new Error("not yet");
  };
  const cloud = await cloudWith(make, { report: () => {} });
  await createVolume(cloud);
  await cloud.clock.advance(86_400);
  expect(await states(cloud)).toEqual(["available"]);
});

test("moving the clock does not wait for an errand that waits for something to come", async () => {
  const heard: (string | undefined)[] = [];
  let QueueUrl = "";
  const cloud = await cloudWith(async (context) => {
    heard.push(await nextMessage(context, QueueUrl));
  });
  QueueUrl = await newQueue(cloud);
  await createVolume(cloud);
  await cloud.clock.advance(60);
  expect(await states(cloud)).toEqual(["creating"]);
  await cloud.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "a volume" }));
  await cloud.clock.advance(0);
  expect(heard).toEqual(["a volume"]);
  expect(await states(cloud)).toEqual(["available"]);
});

test("an errand that a process did not end begins again in the next", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-errands-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const storage = { kind: "embedded", directory } as const;
  const begun: string[] = [];
  const first = await cloudWith(
    async (context, id) => {
      begun.push(id);
      await nextMessage(context, await newQueue(first));
      throw new Error("the process ends");
    },
    { storage },
  );
  await createVolume(first);
  await first.clock.advance(60);
  await first.close();
  expect(begun).toHaveLength(1);
  const second = await cloudWith(() => Promise.resolve(), { storage });
  await second.clock.advance(1);
  expect(await states(second)).toEqual(["available"]);
});

test("thousands that a process did not end all begin again in the next", { timeout: 30_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-errands-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const storage = { kind: "embedded", directory } as const;
  const many = Array.from({ length: 2100 });
  let begun = 0;
  let queue = "";
  const first = await cloudWith(
    async (context) => {
      begun++;
      await nextMessage(context, queue);
      throw new Error("the process ends");
    },
    { storage },
  );
  queue = await newQueue(first);
  await Promise.all(many.map(() => createVolume(first)));
  await first.clock.advance(61);
  await first.close();
  expect(begun).toBe(many.length);
  const again: string[] = [];
  const second = await cloudWith(async (_, id) => void again.push(id), { storage });
  await second.clock.advance(1);
  expect(new Set(again).size).toBe(many.length);
});

test("errands that hang for ever stop no others", { timeout: 20_000 }, async () => {
  const hung = Promise.withResolvers<void>();
  const ids: string[] = [];
  const cloud = await cloudWith((_, id) => {
    ids.push(id);
    return ids.length > 1200 ? Promise.resolve() : hung.promise;
  });
  await cloud.cloud.clock.freeze();
  await Promise.all(Array.from({ length: 1201 }, () => createVolume(cloud)));
  const moved = cloud.clock.advance(60);
  await expect.poll(() => ids.length, { timeout: 15_000 }).toBe(1201);
  hung.resolve();
  await moved;
});

test("errands that wait for something to come take nobody's place", async () => {
  let queue = "";
  let begun = 0;
  const cloud = await cloudWith(async (context) => {
    if (++begun <= 1000) await nextMessage(context, queue);
  });
  queue = await newQueue(cloud);
  await cloud.cloud.clock.freeze();
  await Promise.all(Array.from({ length: 1001 }, () => createVolume(cloud)));
  await cloud.clock.advance(60);
  expect(begun).toBe(1001);
});

test("an errand that is under way when the cloud is emptied leaves nothing in the new one", async () => {
  const outside = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const faults: unknown[] = [];
  const make = () => {
    begun.resolve();
    return outside.promise;
  };
  const cloud = await cloudWith(make, { report: (error: unknown) => faults.push(error) });
  await createVolume(cloud);
  const moved = cloud.clock.advance(60);
  await begun.promise;
  await cloud.cloud.reset();
  outside.resolve();
  await moved;
  await cloud.clock.advance(3600);
  expect(await states(cloud)).toEqual([]);
  expect(faults).toEqual([]);
});

import {
  ListJobsCommand,
  S3ControlClient,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
  type JobStatus,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { jobWorld } from "../../../../../test/batch-jobs.ts";
import { lastingStore } from "../../../../../test/lasting-store.ts";
import { ACCOUNT } from "../../../../../test/s3-world.ts";
import { table } from "../../../../kernel/table.ts";
import { listedJobs } from "./order.ts";

const AccountId = ACCOUNT;
const DAY_SECONDS = 24 * 60 * 60;

async function pagesOf(control: S3ControlClient, JobStatuses?: JobStatus[]) {
  const pages: (string | undefined)[][] = [];
  for (let NextToken: string | undefined; ;) {
    const listed = await control.send(new ListJobsCommand({ AccountId, MaxResults: 2, JobStatuses, NextToken }));
    pages.push((listed.Jobs ?? []).map(({ JobId }) => JobId));
    if (listed.NextToken === undefined) return pages;
    ({ NextToken } = listed);
  }
}

test("jobs are listed from the newest on, in full pages of the states that are asked for", async () => {
  const { cloud, bucket, control, create } = await jobWorld();
  const made: string[] = [];
  for (let each = 0; each < 5; each++) {
    made.push(await create(`${bucket},k\n`, { ConfirmationRequired: each % 2 === 0 }));
    await cloud.clock.advance(2);
  }
  const [one, two, three, four, five] = made;
  expect(await pagesOf(control)).toEqual([[five, four], [three, two], [one]]);
  expect(await pagesOf(control, ["Suspended"])).toEqual([[five, three], [one]]);
  expect(await pagesOf(control, ["Complete", "Failed"])).toEqual([[four, two]]);
  expect(await pagesOf(control, ["Active"])).toEqual([[]]);
  await cloud.clock.advance(91 * DAY_SECONDS);
  expect((await pagesOf(control)).flat()).toEqual([five, three, one]);
});

const waiting = table("s3.batch-job-waiting", "region", () => []);
const order = table("s3.batch-job-order", "region", () => []);

test("jobs that an earlier version has kept are listed and done", async () => {
  const { open, rewrite } = lastingStore();
  const before = await jobWorld({ cloud: await open() });
  const { bucket } = before;
  const held = { ConfirmationRequired: true };
  const low = await before.create(`${bucket},k\n`, held);
  const high = await before.create(`${bucket},k\n`, held);
  await before.cloud.clock.advance(1);
  await before.cloud.close();
  await rewrite(async (tx) => {
    for (const each of [listedJobs, waiting, order]) await tx.clear(each, { limit: 10 });
  });
  const cloud = await open();
  const control = cloud.client(S3ControlClient);
  expect(new Set((await pagesOf(control, ["Suspended"])).flat())).toEqual(new Set([low, high]));
  await control.send(new UpdateJobPriorityCommand({ AccountId, JobId: high, Priority: 99 }));
  for (const JobId of [low, high]) {
    await control.send(new UpdateJobStatusCommand({ AccountId, JobId, RequestedJobStatus: "Ready" }));
  }
  await cloud.clock.advance(1);
  expect(await pagesOf(control, ["Suspended", "Ready", "Active", "Paused"])).toEqual([[]]);
  expect((await pagesOf(control)).flat()).toHaveLength(2);
});

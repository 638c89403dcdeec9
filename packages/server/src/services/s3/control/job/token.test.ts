import { expect, test } from "vitest";
import { jobWorld } from "../../../../../test/batch-jobs.ts";
import { lastingStore } from "../../../../../test/lasting-store.ts";
import { jobs, jobTokens } from "./row.ts";

const DAY_SECONDS = 24 * 60 * 60;

test("a token is forgotten with its job, and so are those that an earlier version left behind", async () => {
  const { open, rewrite } = lastingStore();
  const { cloud, bucket, create } = await jobWorld({ cloud: await open() });
  const lines = `${bucket},k\n`;
  const once = { ClientRequestToken: "t-1" };
  const JobId = await create(lines, once);
  await create(lines);
  const former = await create(lines, { ClientRequestToken: "t-2" });
  await cloud.clock.advance(89 * DAY_SECONDS);
  expect(await create(lines, once)).toBe(JobId);
  await cloud.close();
  await rewrite(async (tx) => {
    const job = await tx.get(jobs, former);
    expect(job).toBeDefined();
    if (job === undefined) return;
    const { token: _unknown, ...row } = job;
    tx.put(jobs, row);
    tx.put(jobTokens, { token: "t-0", id: "gone", asked: "{}" });
  });
  const again = await open();
  await again.clock.advance(2 * DAY_SECONDS);
  await again.close();
  await rewrite(async (tx) => {
    expect(await tx.scan(jobTokens, { limit: 10 })).toEqual([]);
  });
});

test("the token of a job that is forgotten makes another", async () => {
  const { cloud, bucket, create, describe: read } = await jobWorld();
  const once = { ClientRequestToken: "t-1" };
  const JobId = await create(`${bucket},k\n`, once);
  await cloud.clock.advance(91 * DAY_SECONDS);
  const other = await create(`${bucket},k\n`, { ...once, Priority: 11 });
  expect(other).not.toBe(JobId);
  expect(await read(other)).toMatchObject({ Priority: 11 });
});

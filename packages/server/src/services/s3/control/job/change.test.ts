import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { expect, test } from "vitest";
import { jobWorld } from "../../../../../test/batch-jobs.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-event-bridge-cloud-trail.html */
test("each state that a job gets into is recorded, as nobody's call", async () => {
  const { cloud, create, bucket, put } = await jobWorld();
  await put("cat");
  const jobId = await create(`${bucket},cat\n`);
  await cloud.clock.advance(1);
  const { Events = [] } = await cloud.client(CloudTrailClient).send(new LookupEventsCommand({}));
  const own = Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent)).filter(
    ({ eventType }) => eventType === "AwsServiceEvent",
  );
  const jobArn = `arn:aws:s3:us-east-1:000000000000:job/${jobId}`;
  const details = { jobId, jobArn, jobEventId: expect.stringMatching(/^[0-9a-f]{32}$/), failureCodes: [] };
  const userIdentity = { accountId: "000000000000", invokedBy: "s3.amazonaws.com" };
  const changed = { eventName: "JobStatusChanged", eventSource: "s3.amazonaws.com", userIdentity };
  expect(own.toReversed()).toMatchObject([
    { ...changed, eventName: "JobCreated", serviceEventDetails: { ...details, status: "New" } },
    { ...changed, serviceEventDetails: { ...details, status: "Ready" } },
    { ...changed, serviceEventDetails: { ...details, status: "Active" } },
    { ...changed, serviceEventDetails: { ...details, status: "Complete", statusChangeReason: [] } },
  ]);
});

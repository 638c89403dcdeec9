import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateJobCommand, DescribeJobCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { ACCOUNT, policyOf, s3World, type S3World } from "./s3-world.ts";
import type { TestCloud } from "./test-cloud.ts";

const AccountId = ACCOUNT;

/** What jobs do unless told otherwise. */
export const TAGGING = { S3PutObjectTagging: { TagSet: [{ Key: "seen", Value: "yes" }] } };

export interface JobWorld extends S3World {
  readonly control: S3ControlClient;
  /** Makes a job that tags what `lines` name, unless told otherwise. */
  readonly create: (lines: string, more?: object) => Promise<string>;
  readonly describe: (JobId: string) => ReturnType<typeof describe>;
}

const describe = async (control: S3ControlClient, JobId: string) =>
  (await control.send(new DescribeJobCommand({ AccountId, JobId }))).Job;

/** A world with a role for jobs, which may do what `Action` says. */
export async function jobWorld({
  Action = "s3:*",
  service = "batchoperations.s3.amazonaws.com",
  cloud,
}: {
  readonly Action?: string | readonly string[];
  readonly service?: string;
  readonly cloud?: TestCloud;
} = {}): Promise<JobWorld> {
  const world = await s3World("photos", cloud);
  const iam = world.cloud.client(IAMClient);
  const trust = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  const created = new CreateRoleCommand({ RoleName: "batch", AssumeRolePolicyDocument: policyOf(trust) });
  const { Role } = await iam.send(created);
  const PolicyDocument = policyOf({ Effect: "Allow", Action, Resource: "*" });
  await iam.send(new PutRolePolicyCommand({ RoleName: "batch", PolicyName: "p", PolicyDocument }));
  const control = world.cloud.client(S3ControlClient);
  return {
    ...world,
    control,
    describe: (JobId) => describe(control, JobId),
    async create(lines, more = {}) {
      const put = new PutObjectCommand({ Bucket: world.bucket, Key: "manifest.csv", Body: lines });
      const { ETag } = await world.s3.send(put);
      const { JobId = "" } = await control.send(
        new CreateJobCommand({
          AccountId,
          ConfirmationRequired: false,
          Operation: TAGGING,
          Priority: 10,
          RoleArn: Role?.Arn,
          Report: { Enabled: false },
          Manifest: {
            Spec: { Format: "S3BatchOperations_CSV_20180820", Fields: ["Bucket", "Key"] },
            Location: { ObjectArn: `arn:aws:s3:::${world.bucket}/manifest.csv`, ETag },
          },
          ...more,
        }),
      );
      return JobId;
    },
  };
}

export const reportTo = (bucket: string, ReportScope = "AllTasks") => ({
  Report: {
    Enabled: true,
    Bucket: `arn:aws:s3:::${bucket}`,
    Prefix: "reports",
    Format: "Report_CSV_20180820",
    ReportScope,
  },
});

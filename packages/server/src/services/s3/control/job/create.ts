/**
 * Making jobs.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
 */
import type { CreateJobRequest } from "@aws-sdk/client-s3-control";
import { parseAccountId, parseArn, formatArn } from "../../../../kernel/arn.ts";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import type { Validated } from "../../../../service/sdk.ts";
import { ask } from "../access.ts";
import { badJob, jobTokenUsed } from "../errors.ts";
import { operation } from "../kit.ts";
import { requestTagsOf, toTags } from "../tag.ts";
import { putJob } from "./change.ts";
import { wakeQueue } from "./queue.ts";
import { jobs, jobTokens, keepOrder, namesOf, type Job } from "./row.ts";
import { requireMeasurable } from "./task-checksum.ts";
import { requireInvocable } from "./task-function.ts";

type CreateInput = Validated<CreateJobRequest>;

export const createJob = operation("CreateJob", {
  authorize(input, context) {
    const { Tags = [], Priority, Operation } = input;
    const keys = { "s3:RequestJobPriority": String(Priority), "s3:RequestJobOperation": namesOf(Operation)[0] };
    const create = ask(
      input,
      { action: "s3:CreateJob", resource: "*", keys, ...(Tags.length > 0 && { requestTags: requestTagsOf(Tags) }) },
      context,
    );
    const tag: Access[] =
      Tags.length > 0
        ? [ask(input, { action: "s3:PutJobTagging", resource: "*", requestTags: requestTagsOf(Tags) }, context)]
        : [];
    return [create, passRole(input), ...tag];
  },

  async handle(input, context) {
    const { ClientRequestToken: token } = input;
    const asked = JSON.stringify({ ...input, Tags: undefined });
    const earlier = token === undefined ? undefined : await context.tx.get(jobTokens, token);
    // Assumed: a token is known as long as its job is; AWS does not say how long
    if (earlier && (await context.tx.get(jobs, earlier.id))) {
      if (earlier.asked !== asked) throw jobTokenUsed();
      return { JobId: earlier.id };
    }
    requireOperation(input);
    requireList(input);
    requireReport(input);
    const job = newJob(input, context);
    await putJob(job, context);
    if (token !== undefined) context.tx.put(jobTokens, { token, id: job.id, asked });
    wakeQueue(context);
    return { JobId: job.id };
  },
});

function newJob(input: CreateInput, context: Context): Job {
  return {
    id: context.newId(),
    account: context.account,
    region: context.region,
    createdAtMs: context.now().getTime(),
    status: "New",
    priority: input.Priority,
    confirmationRequired: input.ConfirmationRequired === true,
    description: input.Description,
    order: keepOrder({
      operation: input.Operation,
      manifest: input.Manifest,
      generator: input.ManifestGenerator,
      report: input.Report,
    }),
    roleArn: input.RoleArn,
    token: input.ClientRequestToken,
    tags: toTags(input.Tags ?? []),
    total: 0,
    succeeded: 0,
    failed: 0,
  };
}

/** @throws {AwsError} `BadRequestException`; `NotImplemented` for checksums that are not built. */
function requireOperation({ Operation }: CreateInput): void {
  const [name, ...others] = namesOf(Operation);
  if (name === undefined || others.length > 0) throw badJob("Exactly one operation must be specified.");
  if (Operation.LambdaInvoke) requireInvocable(Operation.LambdaInvoke);
  if (Operation.S3ComputeObjectChecksum) requireMeasurable(Operation.S3ComputeObjectChecksum);
  if (Operation.S3UpdateObjectEncryption && !Operation.S3UpdateObjectEncryption.ObjectEncryption?.SSEKMS) {
    throw badJob("ObjectEncryption must specify SSEKMS.");
  }
}

/** @throws {AwsError} `BadRequestException` */
function requireList({ Manifest, ManifestGenerator }: CreateInput): void {
  if ((Manifest === undefined) === (ManifestGenerator === undefined)) {
    throw badJob("Either a Manifest or a ManifestGenerator must be specified.");
  }
}

function requireReport({ Report }: CreateInput): void {
  if (!Report.Enabled || (Report.Bucket && Report.Format && Report.ReportScope)) return;
  throw badJob("Bucket, Format and ReportScope are required for an enabled report.");
}

/** Whose role works for S3 has to be the caller's to hand on. */
function passRole({ RoleArn }: CreateInput): Access {
  const parts = parseArn(RoleArn);
  const owner = parseAccountId(parts?.account ?? "");
  if (parts?.service !== "iam" || owner === undefined) throw badJob("The role's ARN is invalid.");
  const keys = { "iam:PassedToService": "batchoperations.s3.amazonaws.com" };
  return { action: "iam:PassRole", resource: formatArn(parts), owner, keys };
}

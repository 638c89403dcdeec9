/** One task: the job's operation, done to one object in the name of the job's role. */
import { AwsError } from "../../../../kernel/aws-error.ts";
import { findOwn } from "../../../../kernel/lookup.ts";
import type { OperationName } from "../../../../service/sdk.ts";
import type { InnerCall } from "../../../../service/context.ts";
import type { S3Sdk } from "../../kit.ts";
import { replicateExisting } from "../../replication/existing.ts";
import { copyInput } from "./copy.ts";
import type { Hand } from "./queue.ts";
import { aclInput } from "./task-acl.ts";
import { measure } from "./task-checksum.ts";
import { namesOf, orderOf, type Job, type Order, type Outcome, type Task } from "./row.ts";

export async function perform(task: Task, job: Job, hand: Hand): Promise<Outcome> {
  try {
    const { operation } = orderOf(job);
    const [name = ""] = namesOf(operation);
    const said = await findOwn(TASKS, name)?.(task, operation, hand);
    return { ...task, status: 200, message: said ?? "Successful" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ...task, status: statusOf(error), error: error.code, message: error.message };
  }
}

/** What the codes of S3's and Lambda's refusals say of their statuses. */
export function statusOf({ code }: AwsError): number {
  if (code.startsWith("AccessDenied")) return 403;
  return code.startsWith("NoSuch") || code.startsWith("ResourceNotFound") ? 404 : 400;
}

/** Answers what the report is to say of the object, where that is more than that it is done. */
type Do = (task: Task, operation: Order["operation"], hand: Hand) => Promise<string | void>;

const TASKS: Readonly<Record<string, Do>> = {
  async S3PutObjectCopy(task, { S3PutObjectCopy: asked = {} }, hand) {
    await callS3({ operation: "CopyObject", input: copyInput(task, asked) }, hand);
  },

  async S3PutObjectTagging(task, { S3PutObjectTagging: asked }, hand) {
    const TagSet = (asked?.TagSet ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));
    const Tagging = { TagSet };
    await callS3({ operation: "PutObjectTagging", input: { ...placeOf(task), Tagging } }, hand);
  },

  async S3DeleteObjectTagging(task, _operation, hand) {
    await callS3({ operation: "DeleteObjectTagging", input: placeOf(task) }, hand);
  },

  async S3PutObjectAcl(task, { S3PutObjectAcl: asked }, hand) {
    await callS3(
      { operation: "PutObjectAcl", input: { ...placeOf(task), ...aclInput(asked?.AccessControlPolicy) } },
      hand,
    );
  },

  async S3InitiateRestoreObject(task, { S3InitiateRestoreObject: asked }, hand) {
    const RestoreRequest = {
      ...(asked?.ExpirationInDays !== undefined && { Days: asked.ExpirationInDays }),
      GlacierJobParameters: { Tier: asked?.GlacierJobTier === "BULK" ? ("Bulk" as const) : ("Standard" as const) },
    };
    await callS3({ operation: "RestoreObject", input: { ...placeOf(task), RestoreRequest } }, hand);
  },

  async S3ReplicateObject(task, _operation, { context, session }) {
    await replicateExisting(task, context.as(session), context);
  },

  async S3PutObjectLegalHold(task, { S3PutObjectLegalHold: asked }, hand) {
    const LegalHold = { Status: asked?.LegalHold?.Status ?? ("OFF" as const) };
    await callS3({ operation: "PutObjectLegalHold", input: { ...placeOf(task), LegalHold } }, hand);
  },

  async S3PutObjectRetention(task, { S3PutObjectRetention: asked }, hand) {
    const { Mode, RetainUntilDate } = asked?.Retention ?? {};
    const Retention = {
      ...(Mode && { Mode }),
      ...(RetainUntilDate && { RetainUntilDate }),
    };
    const BypassGovernanceRetention = asked?.BypassGovernanceRetention === true;
    await callS3(
      { operation: "PutObjectRetention", input: { ...placeOf(task), Retention, BypassGovernanceRetention } },
      hand,
    );
  },

  S3ComputeObjectChecksum: (task, { S3ComputeObjectChecksum: asked = {} }, hand) => measure(task, asked, hand),

  async S3UpdateObjectEncryption(task, { S3UpdateObjectEncryption: asked }, hand) {
    const { KMSKeyArn = "", BucketKeyEnabled = false } = asked?.ObjectEncryption?.SSEKMS ?? {};
    const ObjectEncryption = { SSEKMS: { KMSKeyArn, BucketKeyEnabled } };
    await callS3({ operation: "UpdateObjectEncryption", input: { ...placeOf(task), ObjectEncryption } }, hand);
  },
};

const placeOf = ({ bucket, key, versionId }: Task) => ({
  Bucket: bucket,
  Key: key,
  ...(versionId !== undefined && { VersionId: versionId }),
});

const callS3 = <Name extends OperationName<S3Sdk>>(
  asked: Pick<InnerCall<S3Sdk, Name>, "operation" | "input">,
  { context, session }: Hand,
) => context.call<S3Sdk, Name>({ service: "s3", ...asked, as: session });

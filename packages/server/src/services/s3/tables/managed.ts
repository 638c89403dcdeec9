/**
 * Table buckets that services manage: their users read what is in them and may take it away, no more.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-aws-managed-buckets.html
 */
import type { Context } from "../../../service/context.ts";
import { managedByService } from "./errors.ts";

const S3 = "s3.amazonaws.com";

/** The service that keeps the tables of S3 Metadata. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html */
export const METADATA_SERVICE = "metadata.s3.amazonaws.com";

/** Whether S3 makes the call, for whoever has it watch a bucket. */
export const calledByS3 = ({ request, principal }: Context): boolean =>
  request.calling?.calledVia?.at(-1) === S3 || (principal.type === "service" && principal.service === METADATA_SERVICE);

/** @throws {AwsError} `ForbiddenException` */
export function requireOwnHands(of: { readonly type: "customer" | "aws" }, context: Context): void {
  if (of.type === "aws" && !calledByS3(context)) throw managedByService();
}

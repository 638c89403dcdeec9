/**
 * Tables that S3 makes for its users: with their rights, and so that S3 may write them from then on.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html
 */
import type { MetadataTableEncryptionConfiguration } from "@aws-sdk/client-s3";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf, OperationName, OutputOf, Validated } from "../../../service/sdk.ts";
import type { Bucket } from "../bucket/row.ts";
import { homeOf, MANAGED_BUCKET, requirePlace, tableBuckets } from "../tables/bucket-row.ts";
import type { S3TablesSdk } from "../tables/kit.ts";
import { METADATA_SERVICE } from "../tables/managed.ts";
import { requireTable, tableArn } from "../tables/table-row.ts";
import { FAILURES, type Failure } from "./errors.ts";
import type { KeptTable } from "./row.ts";

/** Where tables are made, and what for. */
export interface TablePlan {
  readonly bucket: Bucket;
  readonly tableBucket: Arn;
  readonly namespace: string;
  readonly name: string;
  readonly encryption: Validated<MetadataTableEncryptionConfiguration> | undefined;
}

type Ask = <Name extends OperationName<S3TablesSdk>>(
  operation: Name,
  input: InputOf<S3TablesSdk, Name>,
) => Promise<OutputOf<S3TablesSdk, Name>>;

/** A new table; where it cannot be made, it says why. */
export async function makeTable(plan: TablePlan, context: Context): Promise<KeptTable> {
  const { name } = plan;
  const ask: Ask = (operation, input) =>
    context.call<S3TablesSdk, typeof operation>({ service: "s3tables", operation, input });
  try {
    await makePlace(plan, ask, context);
    return { name, arn: await makeIn(plan, ask, context), status: "CREATING" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { name, arn: undefined, status: "FAILED", failure: failureOf(error) };
  }
}

function failureOf({ code }: AwsError): Failure {
  if (code === "NotFoundException") return FAILURES.gone;
  return code === "ConflictException" ? FAILURES.taken : FAILURES.creating;
}

/** The table bucket, where it is S3's own, and the namespace, unless they are there. */
async function makePlace({ tableBucket, namespace }: TablePlan, ask: Ask, { tx }: Context): Promise<void> {
  const place = requirePlace(tableBucket);
  const isThere = (await homeOf(place, tx).get(tableBuckets, place.name)) !== undefined;
  if (!isThere && place.name === MANAGED_BUCKET) await ask("CreateTableBucket", { name: place.name });
  try {
    await ask("CreateNamespace", { tableBucketARN: tableBucket, namespace: [namespace] });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ConflictException") throw error;
  }
}

async function makeIn(plan: TablePlan, ask: Ask, context: Context): Promise<Arn> {
  const { bucket, tableBucket, namespace, name, encryption } = plan;
  const named = { tableBucketARN: tableBucket, namespace, name };
  const { SseAlgorithm: sseAlgorithm, KmsKeyArn: kmsKeyArn } = encryption ?? {};
  await ask("CreateTable", {
    ...named,
    format: "ICEBERG",
    ...(sseAlgorithm && {
      encryptionConfiguration: { sseAlgorithm, ...(kmsKeyArn !== undefined && { kmsKeyArn }) },
    }),
  });
  await ask("GetTable", named);
  const arn = tableArn(await requireTable(named, context));
  await ask("PutTablePolicy", { ...named, resourcePolicy: policyFor(arn, bucket) });
  return arn;
}

const policyFor = (resource: Arn, { owner }: Bucket): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "S3MetadataWrites",
        Effect: "Allow",
        Principal: { Service: METADATA_SERVICE },
        Action: [
          "s3tables:GetTable",
          "s3tables:GetTableData",
          "s3tables:GetTableMetadataLocation",
          "s3tables:PutTableData",
          "s3tables:UpdateTableMetadataLocation",
        ],
        Resource: resource,
        Condition: { StringEquals: { "aws:SourceAccount": owner } },
      },
    ],
  });

/**
 * Results that are put into a bucket: gzipped CSV, and a file that is signed and tells their sums.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/s3-bucket-policy-lake-query-results.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-results-file-validation-sign-file-structure.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-results-file-custom-validation.html
 */
import type { DeliveryStatus } from "@aws-sdk/client-cloudtrail";
import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Region } from "../../../../kernel/arn.ts";
import { AwsError, refusalOf } from "../../../../kernel/aws-error.ts";
import { quotedValue } from "../../../../kernel/csv.ts";
import { isoSeconds } from "../../../../kernel/iso-seconds.ts";
import type { ErrandContext } from "../../../../service/errand.ts";
import type { Context } from "../../../../service/context.ts";
import { findBucket } from "../../destination.ts";
import { prefixInvalid } from "../../errors.ts";
import { PRINCIPAL } from "../../kit.ts";
import { PREFIX_CHARACTERS_MAX } from "../../limits.ts";
import { signingKey } from "../../public-key.ts";
import { storeArn, arnOfStore, type Store } from "../store/row.ts";
import type { Answer } from "../sql/statement.ts";
import type { Query } from "./row.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

type Delivery = NonNullable<Query["delivery"]>;

interface Place {
  readonly bucket: string;
  /** Where the bucket's owner wants the folders to be. */
  readonly prefix: string;
}

function placeOf(uri: string): Place {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri) ?? [];
  return { bucket, prefix: prefix.replace(/\/$/, "") };
}

/** Where results go to. @throws {AwsError} `S3BucketDoesNotExistException`, `InsufficientS3BucketPolicyException`, `InvalidS3PrefixException` */
export async function requireDestination(uri: string, store: Store, context: Context): Promise<Delivery> {
  const { bucket, prefix } = placeOf(uri);
  if (prefix.length > PREFIX_CHARACTERS_MAX) throw prefixInvalid();
  const caller = { as: PRINCIPAL, source: { arn: arnOfStore(store), account: store.account }, account: store.account };
  const { region } = await findBucket({ name: bucket, region: store.region }, caller, context);
  return { uri, region, status: "PENDING" };
}

interface File {
  readonly name: string;
  readonly body: Uint8Array;
  readonly type: string;
}

/** How it went. */
export async function deliver(
  query: Query,
  delivery: Delivery,
  answer: Answer,
  context: ErrandContext,
): Promise<DeliveryStatus> {
  const results: File = { name: "result_1.csv.gz", body: gzipSync(csvOf(answer)), type: "application/gzip" };
  const refusal = await refusalOf(() => putFile(results, { query, delivery }, context));
  if (refusal !== undefined) return statusOf(refusal, { denied: "ACCESS_DENIED", failed: "FAILED" });
  const sign = await context.transact((inner) => signFile(results, query, inner));
  const unsigned = await refusalOf(() => putFile(sign, { query, delivery }, context));
  if (unsigned === undefined) return "SUCCESS";
  return statusOf(unsigned, { denied: "ACCESS_DENIED_SIGNING_FILE", failed: "FAILED_SIGNING_FILE" });
}

function statusOf(
  { code }: AwsError,
  { denied, failed }: Readonly<Record<"denied" | "failed", DeliveryStatus>>,
): DeliveryStatus {
  if (code === "AccessDenied") return denied;
  return code === "NoSuchBucket" ? "RESOURCE_NOT_FOUND" : failed;
}

/** A line for the names, and one for each row. */
function csvOf({ columns, rows }: Answer): string {
  const lines = [columns, ...rows].map((cells) =>
    cells.map((cell) => (cell === null ? "" : quotedValue(cell))).join(","),
  );
  return `${lines.join("\n")}\n`;
}

/** The sums of the files are signed, with spaces between. */
async function signFile(results: File, query: Query, context: Context): Promise<File> {
  const key = await signingKey(query.region, context);
  const sum = hash("sha256", results.body, "hex");
  const text = JSON.stringify({
    version: "1.0",
    region: query.region,
    files: [{ fileHashValue: sum, fileName: results.name }],
    hashAlgorithm: "SHA-256",
    signatureAlgorithm: "SHA256withRSA",
    queryCompleteTime: isoSeconds(context.now().getTime()),
    hashSignature: key.sign(sum),
    publicKeyFingerprint: key.fingerprint,
  });
  return { name: "result_sign.json", body: Buffer.from(text), type: "application/json" };
}

interface Delivering {
  readonly query: Query;
  readonly delivery: Delivery;
}

async function putFile(
  { name, body, type }: File,
  { query, delivery }: Delivering,
  context: ErrandContext,
): Promise<void> {
  const { bucket, prefix } = placeOf(delivery.uri);
  const day = new Date(query.createdAtMs).toISOString().slice(0, 10).replaceAll("-", "/");
  const folders = [
    ...(prefix === "" ? [] : [prefix]),
    "AWSLogs",
    query.account,
    "CloudTrail-Lake",
    "Query",
    day,
    query.id,
  ];
  const { partition } = context;
  const region: Region = delivery.region;
  await context.call<S3Sdk, "PutObject">({
    service: "s3",
    operation: "PutObject",
    input: { Bucket: bucket, Key: [...folders, name].join("/"), ContentType: type, ACL: "bucket-owner-full-control" },
    body,
    as: PRINCIPAL,
    source: { arn: storeArn({ ...query, partition }, query.stores[0] ?? ""), account: query.account },
    account: query.account,
    region,
  });
}

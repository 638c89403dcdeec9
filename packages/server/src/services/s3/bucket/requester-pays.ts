/**
 * Buckets whose requests are paid for by who makes them. Nobody is billed here: what shows is that a caller of another
 * account has to say that it pays, and is told that it does; the account of the call's record is the one that AWS bills.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
 */
import type { Context } from "../../../service/context.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket, type Bucket, type BucketInput } from "./row.ts";
import { accessDenied, malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";

export interface PayingInput extends BucketInput {
  readonly RequestPayer?: string | undefined;
}

/**
 * The bucket, for a call that somebody has to pay for.
 *
 * @throws {AwsError} as `requireBucket` does; `AccessDenied` where the caller would have to pay and does not say so,
 * or is nobody.
 */
export async function requirePaidBucket(input: PayingInput, context: Context): Promise<Bucket> {
  const bucket = await requireBucket(input, context);
  requirePayer(bucket, input, context);
  return bucket;
}

/** @throws {AwsError} `AccessDenied` */
export function requirePayer(
  bucket: Bucket,
  { RequestPayer }: Pick<PayingInput, "RequestPayer">,
  context: Context,
): void {
  if (!isForeign(bucket, context)) return;
  if (context.principal.type === "anonymous" || RequestPayer !== "requester") throw accessDenied();
}

/** That the caller is charged, as operations answer it. */
export const chargeOf = (bucket: Bucket, context: Context): { readonly RequestCharged?: "requester" } =>
  isForeign(bucket, context) ? { RequestCharged: "requester" } : {};

/** Whether the caller pays: a role pays as the account that it belongs to, whoever took it on. */
function isForeign({ payer, owner }: Bucket, { principal }: Context): boolean {
  if (payer !== "Requester" || principal.type === "service") return false;
  return principal.type === "anonymous" || principal.account !== owner;
}

export const putBucketRequestPayment = operation("PutBucketRequestPayment", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketRequestPayment", await requireBucket(input, context), context),

  async handle(input, context) {
    const { payer: _before, ...bucket } = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const { Payer } = input.RequestPaymentConfiguration;
    if (Payer !== "Requester" && Payer !== "BucketOwner") throw malformedXml();
    context.tx.put(buckets, Payer === "Requester" ? { ...bucket, payer: Payer } : bucket);
    return {};
  },
});

export const getBucketRequestPayment = operation("GetBucketRequestPayment", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketRequestPayment", await requireBucket(input, context), context),

  async handle(input, context) {
    const { payer = "BucketOwner" as const } = await requireBucket(input, context);
    return { Payer: payer };
  },
});

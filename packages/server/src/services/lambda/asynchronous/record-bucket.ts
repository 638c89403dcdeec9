/**
 * Records of failed invocations that go into a bucket: put there behind the invocation, with the rights of its role.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#create-destination (S3)
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { openText, sealText } from "../../../kernel/sealed-text.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand } from "../../../service/errand.ts";
import { roleSession } from "../../../service/role-session.ts";
import { LAMBDA, sessionNameOf } from "../execution-role.ts";
import type { Target } from "../function/row.ts";
import { measureEvent } from "../invocation/measured.ts";

type S3Sdk = typeof import("@aws-sdk/client-s3");

const PURPOSE = "lambda.record";
export const RECORD = "record";

interface BucketRecord {
  /** That of the request. */
  readonly id: string;
  readonly functionName: string;
  readonly role: string;
  readonly bucket: string;
  readonly key: string;
  /** Sealed. */
  readonly text: string;
}

const bucketRecords = table<BucketRecord>("lambda.record", "region", ({ id }) => [id]);

export interface Recorded {
  readonly id: string;
  readonly bucket: string;
  readonly text: string;
  readonly target: Target;
}

/** In the transaction of the invocation's end. */
export function putRecord({ id, bucket, text, target }: Recorded, context: Context): void {
  const { function: of, configuration } = target;
  const { account, region, name } = of;
  const record: BucketRecord = {
    id,
    functionName: name,
    role: configuration.role,
    bucket,
    key: keyOf(name, context),
    text: sealText(context.keys, text, PURPOSE),
  };
  context.tx.in({ account, region }).put(bucketRecords, record);
  context.at(context.now().getTime(), RECORD, id);
}

/** `aws/lambda/async/FUNCTION/2026/11/22/2026-11-22T19.50.00-UUID` */
function keyOf(name: string, context: Context): string {
  const [day = "", time = ""] = context.now().toISOString().split(/[T.]/);
  return `aws/lambda/async/${name}/${day.replaceAll("-", "/")}/${day}T${time.replaceAll(":", ".")}-${context.newId()}`;
}

/** What the role may not write, or has no bucket, is lost, as in AWS. */
export const record: Errand = async (context, id) => {
  const found = await context.tx.get(bucketRecords, id);
  if (found === undefined) return;
  const isPut = await isWritten(found, context);
  await context.transact(async (inner) => {
    inner.tx.delete(bucketRecords, id);
    if (isPut) return;
    const { account, region } = inner;
    measureEvent(
      { name: found.functionName, account, region },
      { name: "DestinationDeliveryFailures", value: 1 },
      inner,
    );
  });
};

async function isWritten({ bucket, key, text, role, functionName }: BucketRecord, context: Context): Promise<boolean> {
  const { account } = context;
  const use = { roleArn: role, service: LAMBDA, sessionName: sessionNameOf(functionName), account };
  const body = Buffer.from(openText(context.keys, text, PURPOSE) ?? "", "utf8");
  try {
    await context.call<S3Sdk, "PutObject">({
      service: "s3",
      operation: "PutObject",
      input: { Bucket: bucket, Key: key, ContentType: "application/json", ContentLength: body.byteLength },
      body,
      as: await roleSession(use, context),
    });
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
